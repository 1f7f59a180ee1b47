/**
 * Where things lie in a memory that all threads share: control numbers, a scratch area for each thread, then blocks
 * of codes with a byte a row that says whether the row exists, and one that says whether a filter has chosen it.
 * wasm/hamming.ts reads scratch areas and blocks. A 32-bit WebAssembly addresses 4 GiB: more blocks than that holds lie
 * in further memories that are laid out alike; the control numbers of the first count for all.
 */

import type { Match } from "./match.ts";

/** Most results of one scan. */
export const MOST_NEAREST = 10_000;

const PAGE = 65_536;
/** Memory of a 32-bit WebAssembly, in pages of 64 KiB: 4 GiB. */
export const MOST_PAGES = 65_536;
const BLOCK_BYTES = 1 << 20;
const CONTROL_BYTES = 64;
/** The control numbers, 4 bytes each, by position; threads wait on the generation, which rises with every scan. */
export const CONTROL = { nextPart: 0, generation: 1, working: 2, rows: 3, chosen: 4 } as const;

export const controlOf = (memory: SharedArrayBuffer): Int32Array =>
  new Int32Array(memory, 0, CONTROL_BYTES / 4);

/** limit, enough, within, found, k, capacity, address of the found rows, unused. */
const HEADER_BYTES = 32;
const CAPACITY = 2 * MOST_NEAREST + 1;

export interface Layout {
  /** Bytes of a code, and with the zeros that fill the last vector of 16. */
  readonly codeBytes: number;
  readonly stride: number;
  readonly blockRows: number;
  readonly blockBytes: number;
  readonly scratchBytes: number;
  readonly threads: number;
  /** Pages of 64 KiB before the first block. */
  readonly firstPages: number;
  readonly blocksInMemory: number;
}

/** `mostPages`: of one memory, for tests. */
export function layoutFor(codeBytes: number, threads: number, mostPages = MOST_PAGES): Layout {
  const stride = 16 * Math.ceil(codeBytes / 16);
  const blockRows = Math.max(16, 16 * Math.floor(BLOCK_BYTES / stride / 16));
  const kept = 4 * (8 * stride + 1);
  const scratchBytes = 16 * Math.ceil((HEADER_BYTES + kept + stride + 8 * CAPACITY + 16) / 16);
  const blockBytes = PAGE * Math.ceil((blockRows * (stride + 2)) / PAGE);
  const firstPages = Math.ceil((CONTROL_BYTES + threads * scratchBytes) / PAGE);
  return {
    codeBytes,
    stride,
    blockRows,
    blockBytes,
    scratchBytes,
    threads,
    firstPages,
    blocksInMemory: Math.floor((mostPages - firstPages) / (blockBytes / PAGE)),
  };
}

export const blockPages = ({ blockBytes }: Layout): number => blockBytes / PAGE;

/** Which memory a block lies in, and its addresses there. */
export function blockAt(
  { firstPages, blocksInMemory, blockBytes, blockRows, stride }: Layout,
  block: number,
) {
  const codes = firstPages * PAGE + (block % blocksInMemory) * blockBytes;
  const exists = codes + blockRows * stride;
  return { memory: Math.floor(block / blocksInMemory), codes, exists, chosen: exists + blockRows };
}

/** Addresses of the scratch area of a thread. */
export function scratchAt({ scratchBytes, stride }: Layout, thread: number) {
  const header = CONTROL_BYTES + thread * scratchBytes;
  const query = header + 16 * Math.ceil((HEADER_BYTES + 4 * (8 * stride + 1)) / 16);
  return { header, query, found: query + stride };
}

/** Makes the scratch area of a thread ready for a search for `k` rows. */
export function prepare(
  memory: SharedArrayBuffer,
  layout: Layout,
  thread: number,
  query: Uint8Array,
  k: number,
) {
  const { header, query: queryAt, found } = scratchAt(layout, thread);
  const bits = 8 * layout.stride;
  const numbers = new Int32Array(memory, header, HEADER_BYTES / 4 + bits + 1).fill(0);
  numbers.set([bits, bits, 0, 0, k, CAPACITY, found]);
  new Uint8Array(memory, queryAt, layout.stride).fill(0).set(query);
}

/** The rows that a thread has found and that may be among the nearest. */
export function foundBy(memory: SharedArrayBuffer, layout: Layout, thread: number): Match[] {
  const { header, found } = scratchAt(layout, thread);
  const [, enough, , count] = new Int32Array(memory, header, 4);
  const numbers = new Int32Array(memory, found, 2 * count);
  return Array.from({ length: count }, (_, i) => ({
    row: numbers[2 * i],
    distance: numbers[2 * i + 1],
  })).filter(({ distance }) => distance <= enough);
}
