/**
 * The one way in which files of others are read. A path may lead to a pipe that nobody writes to, a device that never
 * ends, or more bytes than there is memory: so it is opened without waiting, must be a regular file, and has a limit.
 */
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { DataError } from "../errors/index.ts";

/** Most bytes of each kind of file that is read whole. */
export const FILE_LIMITS = {
  /** A photo; decoders have limits of their own below it. */
  picture: 64 * 2 ** 20,
  /** Lists of pictures, landmarks, pairs and people, and JSON. */
  text: 256 * 2 ** 20,
  /** Keys and certificates. */
  small: 2 ** 20,
  /** An ONNX net: what a protocol buffer can hold. */
  net: 2 ** 31 - 1,
} as const;

/** Opens the regular file at `path` for reading; a link to one will do. Refusals of the system pass as they are. */
export async function openForeign(path: string, maxBytes = Number.POSITIVE_INFINITY): Promise<FileHandle> {
  // Without O_NONBLOCK opening a pipe waits until somebody writes to it.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const status = await file.stat();
    if (!status.isFile()) throw new DataError(`${path}: needed a file, got ${kindOf(status)}`);
    if (!(status.size <= maxBytes)) {
      throw new DataError(
        `${path}: ${status.size} bytes, more than the ${maxBytes} that such a file may have`,
      );
    }
    if (await isHollow(file, status)) {
      throw new DataError(`${path}: a hole: of its ${status.size} bytes hardly any were ever written`);
    }
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The whole file at `path`, at most `maxBytes` of it. */
export async function readForeign(path: string, maxBytes: number): Promise<Buffer> {
  const file = await openForeign(path, maxBytes);
  try {
    const { size } = await file.stat();
    const bytes = Buffer.alloc(size);
    let done = 0;
    while (done < size) {
      const { bytesRead } = await file.read(bytes, done, Math.min(size - done, 2 ** 30), done);
      if (bytesRead === 0) break; // it was cut off meanwhile; whoever reads its content will notice
      done += bytesRead;
    }
    return bytes.subarray(0, done);
  } finally {
    await file.close();
  }
}

/** The whole file at `path`; whatever keeps it from being read is a DataError that names it. */
export async function readData(path: string, maxBytes: number = FILE_LIMITS.text): Promise<Buffer> {
  return readForeign(path, maxBytes).catch((error: Error) => {
    throw unreadable(path, error);
  });
}

/** The same as text in UTF-8. */
export const readText = async (path: string, maxBytes: number = FILE_LIMITS.text): Promise<string> =>
  (await readData(path, maxBytes)).toString("utf8");

/** A DataError that names `path`, which `error` has kept from being read. */
export const unreadable = (path: string, error: Error): DataError =>
  error instanceof DataError
    ? error
    : new DataError(`${path}: cannot be read: ${error.message}`, { cause: error });

/**
 * The lines of the file at `path`, without their ends, numbered from 1. A line longer than `maxLineBytes` is a
 * DataError that names it.
 */
export async function* readLinesOf(
  path: string,
  maxLineBytes = 16 * 2 ** 20,
): AsyncGenerator<{ number: number; text: string }> {
  const file = await openForeign(path);
  let [number, kept, length]: [number, Buffer[], number] = [1, [], 0];
  const line = () => {
    const text = Buffer.concat(kept).toString("utf8").replace(/\r$/, "");
    [kept, length] = [[], 0];
    return { number: number++, text };
  };
  try {
    for await (const chunk of file.createReadStream({ autoClose: false, highWaterMark: 2 ** 18 })) {
      let rest = chunk as Buffer;
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
        kept.push(rest.subarray(0, end));
        yield line();
        rest = rest.subarray(end + 1);
      }
      kept.push(rest);
      length += rest.length;
      if (length > maxLineBytes) {
        throw new DataError(
          `${path}, line ${number}: longer than the ${maxLineBytes} bytes that a line may have`,
        );
      }
    }
    if (length > 0) yield line();
  } finally {
    await file.close();
  }
}

/**
 * Whether a large file has almost nothing on the disk, which reading would make bytes of: it costs whoever made it
 * nothing, and the reader all its memory. Where a disk packs files, they may shrink a hundredfold.
 */
async function isHollow(file: FileHandle, { size, blocks }: { size: number; blocks: number }) {
  if (!(size > LARGE && blocks * BLOCK_BYTES < size / 100)) return false;
  if (blocks > 0) return true;
  const start = Buffer.alloc(4096); // some remote disks count no blocks of any file
  await file.read(start, 0, start.length, 0);
  return start.every((byte) => byte === 0);
}

/** Bytes from which on a file is large, and those of a block, by POSIX. */
const [LARGE, BLOCK_BYTES] = [64 * 2 ** 20, 512];

interface Status {
  isDirectory(): boolean;
  isFIFO(): boolean;
  isSocket(): boolean;
}

function kindOf(status: Status): string {
  if (status.isDirectory()) return "a folder";
  if (status.isFIFO()) return "a pipe, which has no size; write it to a file first";
  return status.isSocket() ? "a socket" : "a device";
}
