/**
 * How yauzl reads a zip here: through blocks of the file. It asks for tens of bytes at a time, twice an entry,
 * which for the hundred thousand entries of a data set would be as many calls to the system.
 */
import type { FileHandle } from "node:fs/promises";
import { Readable } from "node:stream";
import { RandomAccessReader } from "yauzl";

const BLOCK_BYTES = 256 * 1024;

/** Reading entries alternates between the directory and the entries' data; an entry may cross into a next block. */
const BLOCKS_KEPT = 4;

export class BlockReader extends RandomAccessReader {
  readonly #file: FileHandle;
  /** Blocks by number, the one used last at the end. */
  readonly #blocks = new Map<number, Promise<Buffer>>();

  constructor(file: FileHandle) {
    super();
    this.#file = file;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    const pieces = this.#pieces(start, end);
    return Readable.from(pieces, { objectMode: false });
  }

  // biome-ignore lint/complexity/useMaxParams: the signature is yauzl's
  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    const copy = async () => {
      let done = 0;
      for await (const piece of this.#pieces(position, position + length)) {
        done += piece.copy(buffer, offset + done);
      }
      return done;
    };
    copy().then(
      (bytesRead) => callback(null, bytesRead),
      (error) => callback(error),
    );
  }

  override close(callback: (error: Error | null) => void): void {
    this.#file.close().then(() => callback(null), callback);
  }

  /** The bytes from `start` to `end`, or to the end of the file. */
  async *#pieces(start: number, end: number): AsyncGenerator<Buffer> {
    for (let at = start; at < end; ) {
      const number = Math.floor(at / BLOCK_BYTES);
      const block = await this.#block(number);
      const piece = block.subarray(at - number * BLOCK_BYTES, end - number * BLOCK_BYTES);
      if (piece.length === 0) return;
      yield piece;
      at += piece.length;
    }
  }

  #block(number: number): Promise<Buffer> {
    const block = this.#blocks.get(number) ?? this.#load(number);
    this.#blocks.delete(number);
    this.#blocks.set(number, block);
    if (this.#blocks.size > BLOCKS_KEPT) this.#blocks.delete(this.#blocks.keys().next().value!);
    return block;
  }

  async #load(number: number): Promise<Buffer> {
    const block = Buffer.alloc(BLOCK_BYTES);
    let done = 0;
    while (done < BLOCK_BYTES) {
      const { bytesRead } = await this.#file.read(
        block,
        done,
        BLOCK_BYTES - done,
        number * BLOCK_BYTES + done,
      );
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return block.subarray(0, done);
  }
}
