/** Errors on their way from thread to thread, where their class is lost. */
import { DataError, InputError } from "../errors/index.ts";

export interface WorkerFailure {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
}

export function failureOf(error: unknown): WorkerFailure {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return { name, message, stack };
}

/** The error that `failureOf` has described. */
export function revive({ name, message, stack }: WorkerFailure): Error {
  if (name === "InputError") return new InputError(message);
  if (name === "DataError") return new DataError(message);
  const error = new Error(message);
  if (stack) error.stack = stack;
  return error;
}
