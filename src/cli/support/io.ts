/** What a command is told of the world outside. */
import { readFileSync } from "node:fs";

/** A stream that shows what is written at once; `columns` wide, as far as it says. */
export type Terminal = NodeJS.WritableStream & { readonly columns?: number };

/** What a command may touch of it. An argument, so that tests run commands without a process. */
export interface Io {
  /** Writes to stdout and to stderr. */
  out(text: string): void;
  err(text: string): void;
  /** Stderr where it is a terminal: progress bars are drawn there. */
  readonly terminal?: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds from any start. */
  now(): number;
  /** Aborted by the first Ctrl-C, with an Interruption as its reason. */
  readonly interrupt: AbortSignal;
  /** The command line as it was given, for files of results. */
  readonly command?: string;
}

/** The version of this package: its package.json lies three folders up from the sources and from what they compile to. */
export function version(): string {
  const text = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
