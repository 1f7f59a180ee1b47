/** Writes the tables of results in README.md and docs/studies.md from results/. Run: npm run readme. A test says when they are out of date. */
import { existsSync, readFileSync } from "node:fs";
import { writeFileAtomic } from "../src/base/files/index.ts";
import { readmeWithResults } from "./readmeTable.ts";
import { studiesWithResults } from "./studiesTable.ts";

const read = (path: string) => (existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined);
const rewrite = (path: string, write: (text: string, from: typeof read) => string) =>
  writeFileAtomic(path, write(readFileSync(path, "utf8"), read));
await rewrite("README.md", readmeWithResults);
await rewrite("docs/studies.md", studiesWithResults);
