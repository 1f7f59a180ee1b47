/** Codes under ids of their owner, searched exactly. Calls may overlap: they are done one after the other. */

import type { Scanner } from "./match.ts";
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
  /**
   * Adds codes [ids, codeBytes] under different ids; a code that is here under the same id gives way. Ids that rise,
   * also from call to call, cost least: those behind a new id are moved. `groups` [ids], from 0 to 65535: what `read`
   * asks by; default 0.
   */
  append(ids: ArrayLike<number>, codes: Uint8Array, groups?: ArrayLike<number>): Promise<void>;
  /** Overwrites codes with zeros. Ids that are not here are no matter. */
  erase(ids: readonly number[]): Promise<void>;
  /** The codes of a group that can be found, under ids from `from` to before `to`, by id. */
  read(group: number, from: number, to: number): Promise<{ ids: number[]; codes: Uint8Array }>;
  /** The `k` codes nearest to `code` by distance, then id; of those under the rising ids `only`, if given. */
  nearest(code: Uint8Array, k: number, only?: ArrayLike<number>): Promise<FoundCode[]>;
  close(): Promise<void>;
}

/** An empty index of codes of `codeBytes` bytes, a multiple of 4. */
export function createCodeIndex(codeBytes: number, options: ScannerOptions = {}): CodeIndex {
  const rows = new Rows(codeBytes, createScanner(codeBytes, options));
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => T | Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  };
  return {
    get size() {
      return rows.count - rows.erased.size;
    },
    get wasted() {
      return rows.erased.size;
    },
    get lastId() {
      return rows.count === 0 ? 0 : rows.ids[rows.count - 1];
    },
    scanner: rows.scanner.name,
    append: (ids, codes, groups) => inTurn(() => rows.append(ids, codes, groups)),
    erase: (gone) => inTurn(() => rows.erase(gone)),
    read: (group, from, to) => inTurn(() => rows.read(group, from, to)),
    nearest: (code, k, only) =>
      inTurn(async () => {
        const found = await rows.scanner.scan(code, k, only && rows.of(only));
        return found.map(({ row, distance }) => ({ id: rows.ids[row], distance }));
      }),
    close: () => inTurn(() => rows.scanner.close()),
  };
}

/** Which id each row of a scanner has: they rise, so that equally near codes come by id. */
class Rows {
  readonly scanner: Scanner;
  readonly #codeBytes: number;
  ids = new Float64Array(1024);
  #groups = new Uint16Array(1024);
  count = 0;
  readonly erased = new Set<number>();

  constructor(codeBytes: number, scanner: Scanner) {
    this.#codeBytes = codeBytes;
    this.scanner = scanner;
  }

  append(ids: ArrayLike<number>, codes: Uint8Array, groups?: ArrayLike<number>): void {
    const size = this.#codeBytes;
    const end = this.count === 0 ? 0 : this.ids[this.count - 1];
    if (ids.length === 0 || (rises(ids) && ids[0] > end)) {
      this.#addBehind(ids, codes, groups);
      return;
    }
    const added = Array.from(ids, (id, i) => ({
      id,
      code: codes.subarray(i * size, (i + 1) * size),
      group: groups?.[i] ?? 0,
    }));
    const fresh = added.filter(({ id, code, group }) => {
      const [row] = this.of([id]);
      if (row === undefined) return true;
      this.scanner.write(row, code);
      this.#groups[row] = group;
      this.erased.delete(row);
      return false;
    });
    if (fresh.length > 0) this.#insert(fresh);
  }

  /** Takes away the rows behind the least of the new ids, and adds them and the new ones in order. */
  #insert(
    fresh: readonly { readonly id: number; readonly code: Uint8Array; readonly group: number }[],
  ): void {
    const size = this.#codeBytes;
    const first = firstNotBelow(this.ids, this.count, Math.min(...fresh.map(({ id }) => id)), 0);
    const moved = this.scanner.read(first, this.count);
    const all = [...fresh];
    for (let row = first; row < this.count; row++) {
      if (this.erased.delete(row)) continue;
      const code = moved.subarray((row - first) * size, (row - first + 1) * size);
      all.push({ id: this.ids[row], code, group: this.#groups[row] });
    }
    all.sort((a, b) => a.id - b.id);
    this.scanner.cut(first);
    this.count = first;
    const codes = new Uint8Array(all.length * size);
    for (const [i, { code }] of all.entries()) codes.set(code, i * size);
    this.#addBehind(
      all.map(({ id }) => id),
      codes,
      all.map(({ group }) => group),
    );
    for (const bytes of [moved, codes]) bytes.fill(0); // what is erased later shall not lie about here
  }

  /** Ids that rise, all larger than those before. */
  #addBehind(ids: ArrayLike<number>, codes: Uint8Array, groups?: ArrayLike<number>): void {
    this.scanner.append(codes);
    const needed = this.count + ids.length;
    if (needed > this.ids.length) {
      const room = Math.max(2 * this.ids.length, needed);
      const [all, allGroups] = [new Float64Array(room), new Uint16Array(room)];
      all.set(this.ids);
      allGroups.set(this.#groups);
      [this.ids, this.#groups] = [all, allGroups];
    }
    this.ids.set(ids, this.count);
    if (groups) this.#groups.set(groups, this.count);
    else this.#groups.fill(0, this.count, needed);
    this.count = needed;
  }

  erase(gone: readonly number[]): void {
    for (const row of this.of([...gone].sort((a, b) => a - b))) {
      if (this.erased.has(row)) continue;
      this.scanner.erase(row);
      this.erased.add(row);
    }
  }

  read(group: number, from: number, to: number): { ids: number[]; codes: Uint8Array } {
    const first = firstNotBelow(this.ids, this.count, from, 0);
    const end = firstNotBelow(this.ids, this.count, to, first);
    const rows: number[] = [];
    for (let row = first; row < end; row++) {
      if (this.#groups[row] === group && !this.erased.has(row)) rows.push(row);
    }
    const size = this.#codeBytes;
    const all = this.scanner.read(first, end);
    const codes = new Uint8Array(rows.length * size);
    for (const [i, row] of rows.entries()) {
      codes.set(all.subarray((row - first) * size, (row - first + 1) * size), i * size);
    }
    return { ids: rows.map((row) => this.ids[row]), codes };
  }

  /** Rows of the rising ids `wanted`, without those that are not here. */
  of(wanted: ArrayLike<number>): Uint32Array {
    const found = new Uint32Array(wanted.length);
    let [count, row] = [0, 0];
    for (let i = 0; i < wanted.length; i++) {
      row = firstNotBelow(this.ids, this.count, wanted[i], row);
      if (row < this.count && this.ids[row] === wanted[i]) found[count++] = row;
    }
    return found.subarray(0, count);
  }
}

const rises = (ids: ArrayLike<number>): boolean => {
  for (let i = 1; i < ids.length; i++) if (!(ids[i] > ids[i - 1])) return false;
  return true;
};

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
