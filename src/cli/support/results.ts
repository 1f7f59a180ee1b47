/** What results say of how they were made. */
import { basename } from "node:path";
import type { Io } from "./io.ts";

/** By which command, and today. */
export const madeNow = ({ command = "deepid" }: Io) => ({
  command,
  date: new Date().toISOString().slice(0, 10),
});

/** The command line as results may show it: of paths the names alone, as they lie elsewhere on other machines. */
export const commandOf = (args: readonly string[]): string =>
  ["deepid", ...args.map((arg) => (/^(?:\/|\.{1,2}\/)/.test(arg) ? basename(arg) : arg))].join(" ");
