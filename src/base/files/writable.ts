/** Places that results are written to: checked before work begins, and named where the disk refuses them. */
import { accessSync, constants, existsSync, statfsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { InputError } from "../errors/index.ts";
import { bytes as sizeText } from "../text/index.ts";

/** Refuses a place for results that cannot be written, before hours are spent on them. */
export function checkWritable(path: string, kind: "file" | "folder"): void {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status && status.isDirectory() !== (kind === "folder")) {
    throw new InputError(
      `${path}: results would go here, but it is ${kind === "file" ? "a folder" : "a file"}`,
    );
  }
  const folder = nearest(kind === "folder" ? resolve(path) : dirname(resolve(path)));
  if (!statSync(folder).isDirectory()) {
    throw new InputError(`${path}: cannot be written: ${folder} is a file, not a folder`);
  }
  try {
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    throw new InputError(`${path}: cannot be written: no permission to write to ${folder}`, { cause });
  }
}

/** Refuses a place whose disk has less room than the `bytes` that `what` needs, before hours are spent on it. */
export function checkRoom(path: string, bytes: number, what: string): void {
  const { bavail, bsize } = statfsSync(nearest(resolve(path)));
  const there = bavail * bsize;
  if (there >= bytes) return;
  throw new InputError(
    `${path}: cannot be written: ${what} needs ${sizeText(bytes)} on the disk, and ${sizeText(there)} are left`,
  );
}

/** `path`, or the folder above it that is there. */
function nearest(path: string): string {
  let found = path;
  while (!existsSync(found)) found = dirname(found);
  return found;
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
    throw new InputError(`${place}: cannot be written: ${reason}`, { cause: error });
  }
}

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
