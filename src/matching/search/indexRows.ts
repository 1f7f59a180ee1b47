/** What a code index keeps beside its codes: the id, group and owner of each row of the scanner. */
import type { Scanner } from "./match.ts";

/** What codes [ids] are added with. */
export interface Marks {
  /** [ids], from 0 to 65535: what `read` asks by; default 0. */
  readonly groups?: ArrayLike<number>;
  /** [ids], any number, kept by an index with owners only; default 0. */
  readonly owners?: ArrayLike<number>;
}

/** Codes as they were added: ids [n], codes [n, codeBytes], and owners [n], all 0 where the index has none. */
export interface ReadCodes {
  readonly ids: number[];
  readonly owners: number[];
  readonly codes: Uint8Array;
}

/** A code on its way into the index. */
interface Added {
  readonly id: number;
  readonly code: Uint8Array;
  readonly group: number;
  readonly owner: number;
}

/** Which id each row of a scanner has: they rise, so that equally near codes come by id. */
export class Rows {
  readonly scanner: Scanner;
  readonly #codeBytes: number;
  ids = new Float64Array(1024);
  #groups = new Uint16Array(1024);
  #owners: Float64Array | undefined;
  count = 0;
  readonly erased = new Set<number>();

  constructor(codeBytes: number, scanner: Scanner, hasOwners = false) {
    this.#codeBytes = codeBytes;
    this.scanner = scanner;
    if (hasOwners) this.#owners = new Float64Array(1024);
  }

  ownerOf(row: number): number {
    return this.#owners?.[row] ?? 0;
  }

  append(ids: ArrayLike<number>, codes: Uint8Array, marks: Marks = {}): void {
    const size = this.#codeBytes;
    const end = this.count === 0 ? 0 : this.ids[this.count - 1];
    if (ids.length === 0 || (rises(ids) && ids[0] > end)) {
      this.#addBehind(ids, codes, marks);
      return;
    }
    const added = Array.from(ids, (id, i) => ({
      id,
      code: codes.subarray(i * size, (i + 1) * size),
      group: marks.groups?.[i] ?? 0,
      owner: marks.owners?.[i] ?? 0,
    }));
    const fresh = added.filter(({ id, code, group, owner }) => {
      const [row] = this.of([id]);
      if (row === undefined) return true;
      this.scanner.write(row, code);
      this.#mark(row, group, owner);
      this.erased.delete(row);
      return false;
    });
    if (fresh.length > 0) this.#insert(fresh);
  }

  #mark(row: number, group: number, owner: number): void {
    this.#groups[row] = group;
    if (this.#owners) this.#owners[row] = owner;
  }

  /** Takes away the rows behind the least of the new ids, and adds them and the new ones in order. */
  #insert(fresh: readonly Added[]): void {
    const size = this.#codeBytes;
    const first = firstNotBelow(this.ids, this.count, Math.min(...fresh.map(({ id }) => id)), 0);
    const moved = this.scanner.read(first, this.count);
    const all = [...fresh];
    for (let row = first; row < this.count; row++) {
      if (this.erased.delete(row)) continue;
      const code = moved.subarray((row - first) * size, (row - first + 1) * size);
      all.push({ id: this.ids[row], code, group: this.#groups[row], owner: this.ownerOf(row) });
    }
    all.sort((a, b) => a.id - b.id);
    this.scanner.cut(first);
    this.count = first;
    const codes = new Uint8Array(all.length * size);
    for (const [i, { code }] of all.entries()) codes.set(code, i * size);
    this.#addBehind(
      all.map(({ id }) => id),
      codes,
      { groups: all.map(({ group }) => group), owners: all.map(({ owner }) => owner) },
    );
    for (const bytes of [moved, codes]) bytes.fill(0); // what is erased later shall not lie about here
  }

  /** Ids that rise, all larger than those before. */
  #addBehind(ids: ArrayLike<number>, codes: Uint8Array, { groups, owners }: Marks): void {
    this.scanner.append(codes);
    const needed = this.count + ids.length;
    if (needed > this.ids.length) {
      const room = Math.max(2 * this.ids.length, needed);
      this.ids = grown(this.ids, new Float64Array(room));
      this.#groups = grown(this.#groups, new Uint16Array(room));
      if (this.#owners) this.#owners = grown(this.#owners, new Float64Array(room));
    }
    this.ids.set(ids, this.count);
    for (let i = 0; i < ids.length; i++) this.#mark(this.count + i, groups?.[i] ?? 0, owners?.[i] ?? 0);
    this.count = needed;
  }

  erase(gone: readonly number[]): void {
    for (const row of this.of([...gone].sort((a, b) => a - b))) {
      if (this.erased.has(row)) continue;
      this.scanner.erase(row);
      this.erased.add(row);
    }
  }

  read(group: number, from: number, to: number): ReadCodes {
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
    return { ids: rows.map((row) => this.ids[row]), owners: rows.map((row) => this.ownerOf(row)), codes };
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

function grown<T extends Float64Array | Uint16Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
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
