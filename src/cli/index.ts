// src/cli: the command line `deepid`: commands parse, call the other folders, and print.
export type { Io } from "./support/io.ts";
export { run } from "./run.ts";
