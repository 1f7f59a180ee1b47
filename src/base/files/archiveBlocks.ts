/**
 * How yauzl reads a zip here: through blocks of the file. It asks for tens of bytes at a time, three times an entry,
 * which for the hundred thousand entries of a data set would be as many calls to the system. What lies in blocks
 * that are there is answered at once: a promise or a stream a question would take longer than all else of an entry.
 */
import type { FileHandle } from "node:fs/promises";
import { RandomAccessReader } from "yauzl";

const BLOCK_BYTES = 256 * 1024;

/** Reading entries alternates between the directory and the entries' data; an entry may cross into a next block. */
const BLOCKS_KEPT = 4;

export class BlockReader extends RandomAccessReader {
  readonly #file: FileHandle;
  /** Blocks by number, the one loaded last at the end. */
  readonly #blocks = new Map<number, Buffer>();

  constructor(file: FileHandle) {
    super();
    this.#file = file;
  }

  // biome-ignore lint/complexity/useMaxParams: the signature is yauzl's
  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    const bytes = buffer.subarray(offset, offset + length);
    const done = this.#copy(bytes, position);
    if (done === length) callback(null, length);
    else {
      this.#fill(bytes, position, done).then(
        (bytesRead) => callback(null, bytesRead),
        (error) => callback(error),
      );
    }
  }

  /** The `length` bytes from `position`, fewer at the end of the file. */
  async bytes(position: number, length: number): Promise<Buffer> {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, await this.#fill(bytes, position, this.#copy(bytes, position)));
  }

  override close(callback: (error: Error | null) => void): void {
    this.#file.close().then(() => callback(null), callback);
  }

  /** Copies from the blocks that are there, as far as they reach; how many bytes. */
  #copy(bytes: Buffer, position: number): number {
    let done = 0;
    while (done < bytes.length) {
      const at = position + done;
      const number = Math.floor(at / BLOCK_BYTES);
      const block = this.#blocks.get(number);
      if (!block) break;
      const copied = block.copy(bytes, done, at - number * BLOCK_BYTES);
      if (copied === 0) break;
      done += copied;
    }
    return done;
  }

  /** Goes on where `#copy` stopped after `done` bytes, and loads what it lacks; how many bytes there are in all. */
  async #fill(bytes: Buffer, position: number, done: number): Promise<number> {
    while (done < bytes.length) {
      await this.#load(Math.floor((position + done) / BLOCK_BYTES));
      const copied = this.#copy(bytes.subarray(done), position + done);
      if (copied === 0) break;
      done += copied;
    }
    return done;
  }

  async #load(number: number): Promise<void> {
    const block = Buffer.alloc(BLOCK_BYTES);
    let done = 0;
    for (let read = 1; read > 0 && done < BLOCK_BYTES; done += read) {
      const position = number * BLOCK_BYTES + done;
      read = (await this.#file.read(block, done, BLOCK_BYTES - done, position)).bytesRead;
    }
    this.#blocks.delete(number);
    this.#blocks.set(number, block.subarray(0, done));
    if (this.#blocks.size > BLOCKS_KEPT) this.#blocks.delete(this.#blocks.keys().next().value!);
  }
}
