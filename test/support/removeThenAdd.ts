/** A program for tests: erases a person from an SQLite gallery, and adds one more when it is told to. */
import { openStore } from "../../src/people/gallery/index.ts";
import { SUITE_SETTINGS } from "./storeSettings.ts";

const face = (person: string, seed: number) => ({
  person,
  code: Uint8Array.from({ length: 64 }, (_, i) => (seed * 37 + i * 11) & 255),
});

const [path, what] = process.argv.slice(2);
const store = await openStore(path, SUITE_SETTINGS);
if (what === "look") await store.close();
else {
  await store.add([face("Ann", 1), face("Bo", 2)]);
  await store.removePerson("Ann");
  process.on("message", async () => {
    await store.add([face("Cy", 3)]);
    process.send!("added");
  });
  process.send!("removed");
}
