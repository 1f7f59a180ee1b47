/** Codes in memory that threads share, scanned by the WASM SIMD kernel. */
import { InputError } from "../errors/index.ts";
import { type Job, type Kernel, kernelRuns, scanBlocks, startKernel } from "./kernel.ts";
import { blockAt, blockPages, foundBy, type Layout, layoutFor, MOST_NEAREST, prepare } from "./layout.ts";
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
    const { codeBytes } = this.#layout;
    const count = added.length / codeBytes;
    this.#makeRoom(this.#rows + count);
    const bytes = new Uint8Array(this.#memory.buffer);
    for (let i = 0; i < count; i++) {
      const at = this.#place(this.#rows + i);
      bytes.set(added.subarray(i * codeBytes, (i + 1) * codeBytes), at.code);
      bytes[at.exists] = 1;
    }
    this.#rows += count;
  }

  erase(row: number): void {
    const at = this.#place(row);
    const bytes = new Uint8Array(this.#memory.buffer);
    bytes[at.exists] = 0;
    bytes.fill(0, at.code, at.code + this.#layout.stride);
  }

  async scan(query: Uint8Array, k: number, only?: readonly number[]): Promise<Match[]> {
    if (!(k >= 1 && k <= MOST_NEAREST)) {
      throw new InputError(`search: from 1 to ${MOST_NEAREST} results, got ${k}`);
    }
    const bytes = new Uint8Array(this.#memory.buffer);
    const chosen = (only ?? []).map((row) => this.#place(row));
    for (const at of chosen) bytes[at.chosen] = bytes[at.exists];
    try {
      return nearestOf(await this.#scanAll(query, k, { rows: this.#rows, chosen: only !== undefined }), k);
    } finally {
      for (const at of chosen) bytes[at.chosen] = 0;
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
    new Int32Array(buffer, 0, 1)[0] = 0;
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

  /** Addresses of a row. */
  #place(row: number) {
    const { blockRows, stride } = this.#layout;
    const { codes, exists, chosen } = blockAt(this.#layout, Math.floor(row / blockRows));
    const within = row % blockRows;
    return { code: codes + within * stride, exists: exists + within, chosen: chosen + within };
  }

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
