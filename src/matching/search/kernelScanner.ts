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
  MOST_PAGES,
  prepare,
} from "./layout.ts";
import { type Match, nearestOf, type Scanner } from "./match.ts";
import { startThreads, type Threads } from "./threads.ts";
import { type Memory, WebAssembly } from "./webAssembly.ts";

/** Codes of fewer blocks are scanned on the calling thread: waking others would take longer. */
const BLOCKS_ALONE = 4;

export interface KernelScanner extends Scanner {
  /** Reads all codes once on this thread and computes nothing: the least time that a scan can take. */
  readOnce(): void;
}

/** Undefined where the machine has no SIMD for WebAssembly. `mostPages`: of one memory, for tests. */
export const createKernelScanner = (
  codeBytes: number,
  threads: number,
  mostPages = MOST_PAGES,
): KernelScanner | undefined =>
  kernelRuns() ? new SharedScanner(layoutFor(codeBytes, threads, mostPages)) : undefined;

class SharedScanner implements KernelScanner {
  readonly name: string;
  readonly #layout: Layout;
  readonly #memories: Memory[] = [];
  readonly #kernels: Kernel[] = [];
  #threads: Threads | undefined;
  #rows = 0;
  #blocks = 0;

  constructor(layout: Layout) {
    this.name = `WASM SIMD, ${layout.threads} thread${layout.threads === 1 ? "" : "s"}`;
    this.#layout = layout;
    this.#addMemory();
  }

  append(added: Uint8Array): void {
    const { codeBytes, blockRows } = this.#layout;
    const count = added.length / codeBytes;
    this.#makeRoom(this.#rows + count);
    for (let done = 0; done < count; ) {
      const within = (this.#rows + done) % blockRows;
      const some = Math.min(count - done, blockRows - within);
      this.#put(this.#rows + done, added.subarray(done * codeBytes, (done + some) * codeBytes));
      done += some;
    }
    this.#rows += count;
  }

  erase(row: number): void {
    const { stride, blockRows } = this.#layout;
    const { bytes, codes, exists } = this.#blockOf(row);
    const within = row % blockRows;
    bytes[exists + within] = 0;
    bytes.fill(0, codes + within * stride, codes + (within + 1) * stride);
  }

  write(row: number, code: Uint8Array): void {
    this.#put(row, code);
  }

  read(from: number, to: number): Uint8Array {
    const { codeBytes, stride, blockRows } = this.#layout;
    const read = new Uint8Array((to - from) * codeBytes);
    for (let row = from; row < to; row++) {
      const { bytes, codes } = this.#blockOf(row);
      const at = codes + (row % blockRows) * stride;
      read.set(bytes.subarray(at, at + codeBytes), (row - from) * codeBytes);
    }
    return read;
  }

  cut(from: number): void {
    for (let row = from; row < this.#rows; row++) this.erase(row);
    this.#rows = from;
  }

  /** Writes codes that lie in one block, from `row` on. */
  #put(row: number, added: Uint8Array): void {
    const { codeBytes, stride, blockRows } = this.#layout;
    const { bytes, codes, exists } = this.#blockOf(row);
    const within = row % blockRows;
    const count = added.length / codeBytes;
    if (stride === codeBytes) bytes.set(added, codes + within * stride);
    else
      for (let i = 0; i < count; i++)
        bytes.set(added.subarray(i * codeBytes, (i + 1) * codeBytes), codes + (within + i) * stride);
    bytes.fill(1, exists + within, exists + within + count);
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
    const blocks = Array.from({ length: this.#blocks }, (_, block) => this.#block(block));
    for (const { bytes, chosen } of blocks) bytes.fill(0, chosen, chosen + blockRows);
    for (let i = 0; i < rows.length; i++) {
      const { bytes, exists, chosen } = blocks[Math.floor(rows[i] / blockRows)];
      const within = rows[i] % blockRows;
      bytes[chosen + within] = bytes[exists + within];
    }
  }

  readOnce(): void {
    const { blockRows, stride } = this.#layout;
    for (let block = 0; block < this.#blocks; block++) {
      const { memory, codes } = blockAt(this.#layout, block);
      this.#kernels[memory].read(codes, blockRows * stride);
    }
  }

  async close(): Promise<void> {
    await this.#threads?.close();
    for (const { buffer } of this.#memories) new Uint8Array(buffer).fill(0);
    this.#threads = undefined;
    this.#rows = 0;
  }

  async #scanAll(query: Uint8Array, k: number, job: Job): Promise<Match[]> {
    const layout = this.#layout;
    const alone = layout.threads === 1 || this.#blocks <= BLOCKS_ALONE;
    const used = alone ? [0] : Array.from({ length: layout.threads }, (_, thread) => thread);
    for (const { buffer } of this.#memories)
      for (const thread of used) prepare(buffer, layout, thread, query, k);
    controlOf(this.#memories[0].buffer)[CONTROL.nextPart] = 0;
    if (alone) scanBlocks(this.#kernels, this.#memories, layout, 0, job);
    else {
      this.#threads ??= startThreads(this.#memories, layout);
      try {
        await this.#threads.scan(job);
      } catch (error) {
        // The others still scan this memory, and the dead one answers nobody: all go, the next scan starts new ones.
        await this.#threads.close();
        this.#threads = undefined;
        throw error;
      }
    }
    return this.#memories.flatMap(({ buffer }) => used.flatMap((thread) => foundBy(buffer, layout, thread)));
  }

  #block(block: number) {
    const at = blockAt(this.#layout, block);
    return { ...at, bytes: new Uint8Array(this.#memories[at.memory].buffer) };
  }

  #blockOf = (row: number) => this.#block(Math.floor(row / this.#layout.blockRows));

  #makeRoom(rows: number): void {
    for (; this.#blocks * this.#layout.blockRows < rows; this.#blocks++) {
      try {
        const { memory } = blockAt(this.#layout, this.#blocks);
        if (memory === this.#memories.length) this.#addMemory();
        this.#memories[memory].grow(blockPages(this.#layout));
      } catch (cause) {
        const have = `${this.#rows} codes of ${this.#layout.codeBytes} bytes are in memory`;
        throw new InputError(`search: ${have}, and there is no room for more`, { cause });
      }
    }
  }

  #addMemory(): void {
    const { firstPages: initial, blocksInMemory } = this.#layout;
    const maximum = initial + blocksInMemory * blockPages(this.#layout);
    const memory = new WebAssembly.Memory({ initial, maximum, shared: true });
    this.#memories.push(memory);
    this.#kernels.push(startKernel(memory));
    void this.#threads?.close(); // they know the memories of their start; the next scan starts others
    this.#threads = undefined;
  }
}
