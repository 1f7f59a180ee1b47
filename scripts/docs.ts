/** Writes what documents say of results/ and layers.mjs. Run: npm run docs. A test says when they are out of date. */
import { writeFileAtomic } from "../src/base/files/index.ts";
import { documents } from "./documents/index.ts";

for (const { path, now, generated } of await documents()) {
  if (generated === now) continue;
  await writeFileAtomic(path, generated);
  console.log(`${path} is written anew`);
}
