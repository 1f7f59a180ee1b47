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
  /** Overwrites the code of a row with zeros; it is never found again. */
  erase(row: number): void;
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
