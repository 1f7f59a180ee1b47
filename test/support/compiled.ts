/** What compile.ts has made: programs and threads of tests. */
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** Made before tests, and by nobody else. */
const COMPILED = process.env.DEEPID_COMPILED ?? "not compiled";
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The JavaScript of the file at `path`, which is in src or a program of tests. */
export const compiledFile = (path: string): string =>
  join(COMPILED, relative(ROOT, path).replace(/\.ts$/, ".js"));

/** The words that start the program `name` of test/support in a process of its own. */
export const programOf = (name: string): [node: string, file: string] => [
  process.execPath,
  compiledFile(join(ROOT, "test/support", `${name}.ts`)),
];

/** The words that start the command line in a process of its own. */
export const COMMAND = [process.execPath, join(COMPILED, "src/bundle/deepid.js")] as const;
