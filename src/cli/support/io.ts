/** What a command may touch of the world outside. An argument, so that tests run commands without a process. */
export interface Io {
  /** Writes to stdout and to stderr. */
  out(text: string): void;
  err(text: string): void;
  /** Stderr where it is a terminal: progress bars are drawn there. */
  readonly terminal?: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds from any start. */
  now(): number;
  /** Aborted by the first Ctrl-C, with an Interruption as its reason. */
  readonly interrupt: AbortSignal;
  /** The command line as it was given, for files of results. */
  readonly command?: string;
}
