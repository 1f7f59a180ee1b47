/** Codes in memory that threads share, scanned by the WASM SIMD kernel. */
import { InputError } from "../../base/errors/index.ts";
import { type Job, type Kernel, kernelRuns, scanBlocks, startKernel } from "./kernel.ts";
import {
  blockAt,
  blockPages,
  CONTROL,
  controlOf,
  foundBy,
  type Layout,
  layoutFor,
  MOST_NEAREST,
  prepare,
} from "./layout.ts";
import { type Match, nearestOf, type Scanner } from "./match.ts";
import { startThreads, type Threads } from "./threads.ts";
import { type Memory, WebAssembly } from "./webAssembly.ts";

/** Codes of fewer blocks are scanned on the calling thread: waking others would take longer. */
const BLOCKS_ALONE = 4;
/** Memory of a 32-bit WebAssembly, in pages of 64 KiB: 4 GiB. */
const MOST_PAGES = 65_536;

export interface KernelScanner extends Scanner {
  /** Reads all codes once on this thread and computes nothing: the least time that a scan can take. */
  readOnce(): void;
}

/** Undefined where the machine has no SIMD for WebAssembly. */
export const createKernelScanner = (codeBytes: number, threads: number): KernelScanner | undefined =>
  kernelRuns() ? new SharedScanner(layoutFor(codeBytes, threads)) : undefined;

class SharedScanner implements KernelScanner {
  readonly name: string;
  readonly #layout: Layout;
  readonly #memory: Memory;
  readonly #kernel: Kernel;
  #threads: Threads | undefined;
  #rows = 0;
  #blocks = 0;

  constructor(layout: Layout) {
    this.name = `WASM SIMD, ${layout.threads} thread${layout.threads === 1 ? "" : "s"}`;
    this.#layout = layout;
    this.#memory = new WebAssembly.Memory({
      initial: layout.firstPages,
      maximum: MOST_PAGES,
      shared: true,
    });
    this.#kernel = startKernel(this.#memory);
  }

  append(added: Uint8Array): void {
    const { codeBytes, stride, blockRows } = this.#layout;
    const count = added.length / codeBytes;
    this.#makeRoom(this.#rows + count);
    const bytes = new Uint8Array(this.#memory.buffer);
    for (let done = 0; done < count; ) {
      const { codes, exists } = this.#blockOf(this.#rows + done);
      const within = (this.#rows + done) % blockRows;
      const some = Math.min(count - done, blockRows - within);
      const from = added.subarray(done * codeBytes, (done + some) * codeBytes);
      if (stride === codeBytes) bytes.set(from, codes + within * stride);
      else
        for (let i = 0; i < some; i++)
          bytes.set(from.subarray(i * codeBytes, (i + 1) * codeBytes), codes + (within + i) * stride);
      bytes.fill(1, exists + within, exists + within + some);
      done += some;
    }
    this.#rows += count;
  }

  erase(row: number): void {
    const { stride, blockRows } = this.#layout;
    const { codes, exists } = this.#blockOf(row);
    const within = row % blockRows;
    const bytes = new Uint8Array(this.#memory.buffer);
    bytes[exists + within] = 0;
    bytes.fill(0, codes + within * stride, codes + (within + 1) * stride);
  }

  async scan(query: Uint8Array, k: number, only?: ArrayLike<number>): Promise<Match[]> {
    if (!(k >= 1 && k <= MOST_NEAREST)) {
      throw new InputError(`search: from 1 to ${MOST_NEAREST} results, got ${k}`);
    }
    if (only) this.#choose(only);
    return nearestOf(await this.#scanAll(query, k, { rows: this.#rows, chosen: only !== undefined }), k);
  }

  /** Marks the existing ones of `rows`, and no others. */
  #choose(rows: ArrayLike<number>): void {
    const { blockRows } = this.#layout;
    const bytes = new Uint8Array(this.#memory.buffer);
    const blocks = Array.from({ length: this.#blocks }, (_, block) => blockAt(this.#layout, block));
    for (const { chosen } of blocks) bytes.fill(0, chosen, chosen + blockRows);
    for (let i = 0; i < rows.length; i++) {
      const { exists, chosen } = blocks[Math.floor(rows[i] / blockRows)];
      const within = rows[i] % blockRows;
      bytes[chosen + within] = bytes[exists + within];
    }
  }

  readOnce(): void {
    const { blockRows, stride } = this.#layout;
    for (let block = 0; block < this.#blocks; block++) {
      this.#kernel.read(blockAt(this.#layout, block).codes, blockRows * stride);
    }
  }

  async close(): Promise<void> {
    await this.#threads?.close();
    new Uint8Array(this.#memory.buffer).fill(0);
    this.#threads = undefined;
    this.#rows = 0;
  }

  async #scanAll(query: Uint8Array, k: number, job: Job): Promise<Match[]> {
    const { buffer } = this.#memory;
    const alone = this.#layout.threads === 1 || this.#blocks <= BLOCKS_ALONE;
    const used = alone ? [0] : Array.from({ length: this.#layout.threads }, (_, thread) => thread);
    for (const thread of used) prepare(buffer, this.#layout, thread, query, k);
    controlOf(buffer)[CONTROL.nextPart] = 0;
    if (alone) scanBlocks(this.#kernel, this.#memory, this.#layout, 0, job);
    else {
      this.#threads ??= startThreads(this.#memory, this.#layout);
      try {
        await this.#threads.scan(job);
      } catch (error) {
        // The others still scan this memory, and the dead one answers nobody: all go, the next scan starts new ones.
        await this.#threads.close();
        this.#threads = undefined;
        throw error;
      }
    }
    return used.flatMap((thread) => foundBy(buffer, this.#layout, thread));
  }

  #blockOf = (row: number) => blockAt(this.#layout, Math.floor(row / this.#layout.blockRows));

  #makeRoom(rows: number): void {
    for (; this.#blocks * this.#layout.blockRows < rows; this.#blocks++) {
      try {
        this.#memory.grow(blockPages(this.#layout));
      } catch (cause) {
        const have = `${this.#rows} codes of ${this.#layout.codeBytes} bytes are in memory`;
        throw new InputError(`search: ${have}, and there is no room for more`, { cause });
      }
    }
  }
}
