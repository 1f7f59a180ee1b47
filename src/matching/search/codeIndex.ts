/** Codes under ids of their owner, searched exactly. Calls may overlap: they are done one after the other. */

import { createScanner, type ScannerOptions } from "./scanner.ts";

/** A code found. */
export interface FoundCode {
  readonly id: number;
  /** Bits in which the codes differ. */
  readonly distance: number;
}

export interface CodeIndex {
  /** Codes that can be found. */
  readonly size: number;
  /** Codes erased whose room is not used again. */
  readonly wasted: number;
  /** The largest id added so far, 0 before the first. */
  readonly lastId: number;
  /** What scans, for reports. */
  readonly scanner: string;
  /** Adds codes [ids, codeBytes]; ids rise, also from call to call. */
  append(ids: ArrayLike<number>, codes: Uint8Array): Promise<void>;
  /** Overwrites codes with zeros. Ids that are not here are no matter. */
  erase(ids: readonly number[]): Promise<void>;
  /** The `k` codes nearest to `code` by distance, then id; of those under the rising ids `only`, if given. */
  nearest(code: Uint8Array, k: number, only?: ArrayLike<number>): Promise<FoundCode[]>;
  close(): Promise<void>;
}

/** An empty index of codes of `codeBytes` bytes, a multiple of 4. */
export function createCodeIndex(codeBytes: number, options: ScannerOptions = {}): CodeIndex {
  const scanner = createScanner(codeBytes, options);
  let ids = new Float64Array(1024); // by row, rising
  let rows = 0;
  const erasedRows = new Set<number>();
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => T | Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  };
  /** Rows of the rising ids `wanted`, without those that are not here. */
  const rowsOf = (wanted: ArrayLike<number>): Uint32Array => {
    const found = new Uint32Array(wanted.length);
    let [count, row] = [0, 0];
    for (let i = 0; i < wanted.length; i++) {
      row = firstNotBelow(ids, rows, wanted[i], row);
      if (row < rows && ids[row] === wanted[i]) found[count++] = row;
    }
    return found.subarray(0, count);
  };
  return {
    get size() {
      return rows - erasedRows.size;
    },
    get wasted() {
      return erasedRows.size;
    },
    get lastId() {
      return rows === 0 ? 0 : ids[rows - 1];
    },
    scanner: scanner.name,
    append: (added, codes) =>
      inTurn(() => {
        scanner.append(codes);
        if (rows + added.length > ids.length) {
          const more = new Float64Array(Math.max(2 * ids.length, rows + added.length));
          more.set(ids);
          ids = more;
        }
        ids.set(added, rows);
        rows += added.length;
      }),
    erase: (gone) =>
      inTurn(() => {
        for (const row of rowsOf([...gone].sort((a, b) => a - b))) {
          if (erasedRows.has(row)) continue;
          scanner.erase(row);
          erasedRows.add(row);
        }
      }),
    nearest: (code, k, only) =>
      inTurn(async () => {
        const found = await scanner.scan(code, k, only && rowsOf(only));
        return found.map(({ row, distance }) => ({ id: ids[row], distance }));
      }),
    close: () => inTurn(() => scanner.close()),
  };
}

/** The first of `count` rising values, from place `from` on, that is not below `value`; sought near `from` first. */
function firstNotBelow(values: Float64Array, count: number, value: number, from: number): number {
  let [low, high, step] = [from, from, 1];
  while (high < count && values[high] < value) {
    low = high + 1;
    high += step;
    step *= 2;
  }
  high = Math.min(high, count);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
