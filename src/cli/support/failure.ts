/** From a failure to what the user is told and the exit code. */
import { DataError, InputError } from "../../base/errors/index.ts";
import { Interruption } from "./io.ts";

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
  const stack = debug ? `\n${error.stack}` : " (with DEBUG=1 the stack is shown)";
  return { code: EXIT.bug, message: `bug: ${error.message}${stack}` };
}

/**
 * Runs `work`, which writes to `place`. What the disk refuses becomes an InputError that names the place: Node's own
 * errors name a temporary file or nothing.
 */
export async function writingTo<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = systemReason(error);
    if (!reason) throw error;
    throw new InputError(at(place, `cannot be written: ${reason}`), { cause: error });
  }
}

const at = (place: string | undefined, reason: string) => (place ? `${place}: ${reason}` : reason);

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EBUSY: "in use by another program",
  EDQUOT: "the disk quota is used up",
  EEXIST: "it exists already",
  EFBIG: "the file grows larger than files may be here",
  EIO: "the disk failed",
  EISDIR: "it is a folder, a file was needed",
  ELOOP: "its links lead in a circle",
  EMFILE: "too many open files",
  ENAMETOOLONG: "its name is too long",
  ENOENT: "no such file or folder",
  ENOSPC: "no space left on the disk",
  ENOTDIR: "a part of the path is a file, not a folder",
  EPERM: "not permitted",
  EROFS: "the disk is read-only",
};

/** What the operating system refused, in words; undefined for errors of any other kind. */
export function systemReason(error: unknown): string | undefined {
  const { code, message } = error as NodeJS.ErrnoException;
  if (typeof code !== "string" || !/^E[A-Z0-9]+$/.test(code)) return undefined;
  return REASONS[code] ?? message;
}
