/** Writes the README's table of results from results/. Run: npm run readme. A test says when it is out of date. */
import { existsSync, readFileSync } from "node:fs";
import { writeFileAtomic } from "../src/files/index.ts";
import { readmeWithResults } from "./readmeTable.ts";

const read = (path: string) => (existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined);
await writeFileAtomic("README.md", readmeWithResults(readFileSync("README.md", "utf8"), read));
