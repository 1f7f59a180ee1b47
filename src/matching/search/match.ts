/** What a search over codes finds, and what every way of scanning offers. */

export interface Match {
  readonly row: number;
  /** Bits in which the codes differ. */
  readonly distance: number;
}

/** Packed codes and the exact search over them. Rows are numbered from 0 in the order in which they came. */
export interface Scanner {
  /** What scans, for reports: "WASM SIMD, 2 threads". */
  readonly name: string;
  /** Adds codes [n, codeBytes]. */
  append(codes: Uint8Array): void;
  /** Overwrites the code of a row with zeros; it is not found again unless one is written there. */
  erase(row: number): void;
  /** Puts a code [codeBytes] in the place of that of a row, erased or not. */
  write(row: number, code: Uint8Array): void;
  /** The codes of the rows from `from` to before `to`, zeros where they are erased. */
  read(from: number, to: number): Uint8Array;
  /** Overwrites the rows from `from` on, and forgets them: the next row that is added gets that number. */
  cut(from: number): void;
  /**
   * The `k` rows nearest to `query` by distance, then row; of `only` those rows where it is given. Nothing may be
   * added or erased meanwhile.
   */
  scan(query: Uint8Array, k: number, only?: ArrayLike<number>): Promise<Match[]>;
  /** Zeroes and frees the memory. */
  close(): Promise<void>;
}

/** The `k` nearest by distance, then row. */
export const nearestOf = (found: readonly Match[], k: number): Match[] =>
  [...found].sort((a, b) => a.distance - b.distance || a.row - b.row).slice(0, k);
