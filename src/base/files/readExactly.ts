/** Reading a stretch of a file, all of it or an error. */
import { constants } from "node:buffer";
import type { FileHandle } from "node:fs/promises";
import { DataError } from "../errors/index.ts";

/** Reads exactly `length` bytes into a fresh buffer, in pieces, as one read call may take 2 GiB at most. */
export async function readExactly(file: FileHandle, path: string, position: number, length: number) {
  if (!(length <= constants.MAX_LENGTH)) {
    throw new DataError(
      `${path}: ${length} bytes in one piece, more than the ${constants.MAX_LENGTH} that fit`,
    );
  }
  const buffer = new ArrayBuffer(length);
  for (let done = 0; done < length; ) {
    const piece = new Uint8Array(buffer, done, Math.min(length - done, 2 ** 30));
    const { bytesRead } = await file.read(piece, 0, piece.length, position + done);
    if (bytesRead === 0) {
      throw new DataError(
        `${path}: truncated: byte ${position + length} needed, the file ends at ${position + done}`,
      );
    }
    done += bytesRead;
  }
  return Buffer.from(buffer);
}
