// src/base/errors: the three kinds of failure, and cancellation. InputError: the caller's mistake; DataError: a bad file; plain Error: our bug.

/** The caller asked for something impossible. CLI: exit code 2; HTTP: 400. */
export class InputError extends Error {
  override readonly name = "InputError";
}

/** A file is broken, incomplete or not what it claims to be. The message says which file, where, what was needed and what came. */
export class DataError extends Error {
  override readonly name = "DataError";
}

/** The user asked to stop. The message says what was kept and how to resume, where there is something to say. CLI: exit code 130. */
export class Interruption extends Error {
  override readonly name = "Interruption";
}

export { firstFew, quote } from "./quote.ts";
export { schemaProblems } from "./schemaProblems.ts";
