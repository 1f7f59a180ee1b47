/** From a failure to what the user is told and the exit code. */
import { DataError, InputError, Interruption } from "../base/errors/index.ts";
import { systemReason } from "../base/files/index.ts";

/** What each exit code of the command line means. */
export const EXIT = { ok: 0, bug: 1, input: 2, data: 3, interrupted: 130 } as const;

export interface Failure {
  readonly code: number;
  readonly message: string;
}

/** What to say about `error`; the stack of a bug only where `debug` is asked for. */
export function describeFailure(error: unknown, debug = false): Failure {
  if (!(error instanceof Error)) return { code: EXIT.bug, message: `bug: ${String(error)} was thrown` };
  if (error instanceof Interruption) return { code: EXIT.interrupted, message: error.message };
  if (error instanceof InputError) return { code: EXIT.input, message: error.message };
  if (error instanceof DataError) return { code: EXIT.data, message: error.message };
  const system = systemReason(error);
  if (system) return { code: EXIT.input, message: at((error as NodeJS.ErrnoException).path, system) };
  if (NO_MEMORY.test(error.message)) {
    return { code: EXIT.input, message: `not enough memory for this: ${error.message}` };
  }
  const stack = debug ? `\n${error.stack}` : " (with DEBUG=1 the stack is shown)";
  return { code: EXIT.bug, message: `bug: ${error.message}${stack}` };
}

/** What V8, Node, ONNX Runtime and SQLite say where memory ends. */
const NO_MEMORY =
  /allocation failed|failed to allocate|bad_alloc|out of memory|invalid (?:typed )?array length|ENOMEM/i;

const at = (place: string | undefined, reason: string) => (place ? `${place}: ${reason}` : reason);
