// src/cli: the command line `deepid`: commands parse, call the other folders, and print.
export { run } from "./run.ts";
export type { Io } from "./support/io.ts";
