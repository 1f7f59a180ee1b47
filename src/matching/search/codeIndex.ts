/** Codes under ids that whoever adds them gives, searched exactly. Calls may overlap: they are done one after the other. */

import { type Marks, type ReadCodes, Rows } from "./indexRows.ts";
import { createScanner, type ScannerOptions } from "./scanner.ts";

/** A code found. */
export interface FoundCode {
  readonly id: number;
  /** Bits in which the codes differ. */
  readonly distance: number;
}

/** Of an index with owners. */
export interface OwnedCode extends FoundCode {
  readonly owner: number;
}

export interface CodeIndexOptions extends ScannerOptions {
  /** Whether each code has an owner, which takes 8 bytes; default false. */
  readonly owners?: boolean;
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
   * also from call to call, cost least: those behind a new id are moved.
   */
  append(ids: ArrayLike<number>, codes: Uint8Array, marks?: Marks): Promise<void>;
  /** Overwrites codes with zeros. Ids that are not here are no matter. */
  erase(ids: readonly number[]): Promise<void>;
  /** The codes of a group that can be found, under ids from `from` to before `to`, by id. */
  read(group: number, from: number, to: number): Promise<ReadCodes>;
  /** The `k` codes nearest to `code` by distance, then id; of those under the rising ids `only`, if given. */
  nearest(code: Uint8Array, k: number, only?: ArrayLike<number>): Promise<OwnedCode[]>;
  close(): Promise<void>;
}

/** An empty index of codes of `codeBytes` bytes, a multiple of 4. */
export function createCodeIndex(codeBytes: number, options: CodeIndexOptions = {}): CodeIndex {
  const rows = new Rows(codeBytes, createScanner(codeBytes, options), options.owners);
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
    append: (ids, codes, marks) => inTurn(() => rows.append(ids, codes, marks)),
    erase: (gone) => inTurn(() => rows.erase(gone)),
    read: (group, from, to) => inTurn(() => rows.read(group, from, to)),
    nearest: (code, k, only) =>
      inTurn(async () => {
        const found = await rows.scanner.scan(code, k, only && rows.of(only));
        return found.map(({ row, distance }) => ({ id: rows.ids[row], distance, owner: rows.ownerOf(row) }));
      }),
    close: () => inTurn(() => rows.scanner.close()),
  };
}
