/** From features to what a gallery keeps of them: the binary code, and the coordinates that Joint Bayesian compares. */
import { DataError, InputError } from "../../base/errors/index.ts";
import {
  type BinaryCodes,
  binarise,
  createFeatureSet,
  type FeatureSet,
  rowOf,
} from "../../matching/features/index.ts";
import {
  type Calibration,
  createEncoder,
  createScorer,
  MATCHER_CODE_BITS,
  type Matcher,
  type Scorer,
} from "../../matching/match/index.ts";
import type { Matrix } from "../../math/linalg/index.ts";

/** What a gallery must know of the model whose features it keeps. */
export interface GalleryModel {
  /** Tells models apart: faces of different models cannot be compared. */
  readonly hash: string;
  /** Numbers in a row of features. */
  readonly dimension: number;
  /** Without it faces are compared by their codes alone. */
  readonly matcher?: Matcher;
  /** Without it scores are the matcher's own. */
  readonly calibration?: Calibration;
  /**
   * What a bit of the code says: that a neuron fires (the default), or on which side of a hyperplane the matcher's coordinates
   * lie (`createEncoder`), which finds more: "matcher" needs a `matcher`.
   */
  readonly codes?: "neurons" | "matcher";
  /** Of codes of neurons: columns [begin, end) whose values make the code, as those of the picture as it is, without its mirror image; default: all. */
  readonly codeColumns?: readonly (readonly [begin: number, end: number])[];
  /** Of codes of neurons: a bit is set where a value exceeds its threshold, one for each column of the code; default: 0. */
  readonly thresholds?: Float32Array;
}

const OF_MATCHER = ", codes of the matcher";

/** What a store calls `model`: faces of other nets cannot be compared, and neither can codes of another kind. */
export const storedName = ({ hash, codes }: GalleryModel): string =>
  codes === "matcher" ? `${hash}${OF_MATCHER}` : hash;

/** The hash in what a store calls a model. */
export const hashIn = (name: string): string =>
  name.endsWith(OF_MATCHER) ? name.slice(0, -OF_MATCHER.length) : name;

export interface ProjectedFace {
  readonly code: Uint8Array;
  /** Coordinates [dimension], rounded to the float32 they are kept as. */
  readonly vector?: Float64Array;
}

export interface Projection {
  readonly codeBytes: number;
  /** Numbers in a vector, 0 without Joint Bayesian. */
  readonly dimension: number;
  /** Compares vectors. */
  readonly scorer?: Scorer;
  project(features: readonly Float32Array[]): ProjectedFace[];
  toBytes(vector: Float64Array): Uint8Array;
  fromBytes(bytes: Uint8Array): Float64Array;
}

/** How `model` turns features into codes and vectors. */
export function createProjection(
  model: GalleryModel,
  { codesOnly = false }: { readonly codesOnly?: boolean } = {},
): Projection {
  const { dimension: columns, matcher, calibration } = model;
  const dimension = matcher && !codesOnly ? matcher.model.ratios.length : 0;
  const { bits, encode } = coderOf(model);
  return {
    codeBytes: 4 * Math.ceil(bits / 32),
    dimension,
    ...(matcher && !codesOnly && { scorer: createScorer(matcher, calibration) }),
    project(features) {
      const set = asSet(features, columns);
      const coordinates = matcher?.project(set);
      const { codes, words } = encode(set, coordinates);
      const vectors = dimension > 0 ? coordinates?.values : undefined;
      return features.map((_, row) => ({
        code: littleEndian(codes.subarray(row * words, (row + 1) * words)),
        ...(vectors && {
          vector: Float64Array.from(vectors.subarray(row * dimension, (row + 1) * dimension), Math.fround),
        }),
      }));
    },
    toBytes(vector) {
      const bytes = Buffer.alloc(4 * vector.length);
      for (const [i, value] of vector.entries()) bytes.writeFloatLE(value, 4 * i);
      return bytes;
    },
    fromBytes(bytes) {
      if (!(bytes.length === 4 * dimension)) {
        throw new DataError(`gallery: a vector must have ${4 * dimension} bytes, got ${bytes.length}`);
      }
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      return Float64Array.from({ length: dimension }, (_, i) => view.getFloat32(4 * i, true));
    },
  };
}

/** How `model` makes codes of features and their coordinates. */
function coderOf({ codes, dimension, matcher, codeColumns = [[0, dimension]], thresholds }: GalleryModel): {
  readonly bits: number;
  encode(set: FeatureSet, coordinates?: Matrix): BinaryCodes;
} {
  if (codes !== "matcher") {
    const bits = codeColumns.reduce((sum, [begin, end]) => sum + end - begin, 0);
    return { bits, encode: (set) => binarise(selectColumns(set, codeColumns), thresholds) };
  }
  if (!matcher) throw new InputError("gallery: codes of the matcher need a matcher, got a model without one");
  let encode: ReturnType<typeof createEncoder> | undefined; // made when first needed: a gallery is often opened to be listed
  return {
    bits: MATCHER_CODE_BITS,
    encode(_, coordinates) {
      encode ??= createEncoder(matcher.model.ratios);
      return encode(coordinates!);
    },
  };
}

/** Rows as a feature set; names are only numbers. */
function asSet(rows: readonly Float32Array[], dimension: number) {
  const values = new Float32Array(rows.length * dimension);
  for (const [i, row] of rows.entries()) {
    if (!(row.length === dimension)) {
      throw new InputError(`gallery: features have ${dimension} numbers here, got ${row.length}`);
    }
    values.set(row, i * dimension);
  }
  const names = rows.map((_, i) => String(i));
  return createFeatureSet(values, dimension, { names, identities: names });
}

function selectColumns(set: FeatureSet, ranges: readonly (readonly [number, number])[]): FeatureSet {
  if (ranges.length === 1 && ranges[0][0] === 0 && ranges[0][1] === set.dimension) return set;
  const picked = set.names.map((_, row) =>
    ranges.map(([begin, end]) => rowOf(set, row).subarray(begin, end)),
  );
  const values = Float32Array.from(picked.flat().flatMap((part) => [...part]));
  return createFeatureSet(values, values.length / set.rows, set);
}

/** The same bytes on every machine. */
function littleEndian(words: Uint32Array): Uint8Array {
  const bytes = Buffer.alloc(4 * words.length);
  for (const [i, word] of words.entries()) bytes.writeUInt32LE(word, 4 * i);
  return bytes;
}
