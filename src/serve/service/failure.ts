/** Errors on their way from thread to thread, where their class is lost. */
import { DataError, InputError } from "../../base/errors/index.ts";
import { Problem, type ProblemKind } from "./problem.ts";

export interface WorkerFailure {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** Of a problem. */
  readonly kind?: ProblemKind;
}

export function failureOf(error: unknown): WorkerFailure {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return { name, message, stack, ...(error instanceof Problem && { kind: error.kind }) };
}

/** The error that `failureOf` has described. */
export function revive({ name, message, stack, kind }: WorkerFailure): Error {
  if (kind) return new Problem(kind, message);
  if (name === "InputError") return new InputError(message);
  if (name === "DataError") return new DataError(message);
  const error = new Error(message);
  if (stack) error.stack = stack;
  return error;
}
