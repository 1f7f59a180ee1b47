/** Aligned faces as what computes features sees them, wherever they lie. */

/** Aligned faces that can be read in runs of rows. */
export interface FaceReader {
  readonly count: number;
  readonly names: readonly string[];
  readonly identities: readonly string[];
  /** Equal keys mean equal pixels of faces of equal names; undefined where nobody can tell. */
  readonly key?: string;
  /** Faces of rows `first` to `first + count`: [count, 104, 88, 3]. */
  readRange(first: number, count: number): Promise<Uint8Array>;
}
