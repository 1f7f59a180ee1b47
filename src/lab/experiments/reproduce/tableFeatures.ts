/** What the tables are computed from: features of the faces of the pairs, coordinates of all faces. */
import { type AlignedFaces, type PairsFile, picturesIn } from "../../../faces/data/index.ts";
import type { PairList } from "../../../matching/features/index.ts";
import { createFeatureSet, type FeatureSet, selectRows } from "../../../matching/features/index.ts";
import { projectFeatures } from "../../../matching/match/index.ts";
import { type Matrix, type Multiply, matrix } from "../../../math/linalg/index.ts";
import { type FaceSystem, type SystemFeatureOptions, systemFeatures } from "../../../nets/net/index.ts";

export interface TableFeatures {
  /** Every face by its coordinates, which identification asks about. */
  readonly all: FeatureSet;
  readonly coordinates: Matrix;
  /** The faces of the pairs by their features, and their coordinates. */
  readonly compared: { readonly set: FeatureSet; readonly coordinates: Matrix };
}

/**
 * Extracts the features of `faces` by every net. Those of 25 nets of all of LFW are 1.4 GB; what the pairs do not
 * need of them is given back here.
 */
export async function tableFeatures(
  system: FaceSystem,
  { faces, pairs }: { readonly faces: AlignedFaces; readonly pairs: PairsFile | PairList },
  { multiply, ...options }: SystemFeatureOptions & { readonly multiply: Multiply },
): Promise<TableFeatures> {
  const features = await systemFeatures(system, faces, { ...options, rest: true });
  const coordinates = await projectFeatures(system.matcher.matcher, { set: features }, multiply);
  const all = createFeatureSet(Float32Array.from(coordinates.values), coordinates.columns, features);
  const rows = rowsInPairs(features.names, pairs);
  if (rows.length === features.rows) return { all, coordinates, compared: { set: features, coordinates } };
  return {
    all,
    coordinates,
    compared: { set: selectRows(features, rows), coordinates: rowsOf(coordinates, rows) },
  };
}

/** The rows whose pictures are in `pairs`. */
export function rowsInPairs(names: readonly string[], pairs: PairsFile | PairList): number[] {
  const pictures = picturesIn(pairs);
  return [...names.keys()].filter((row) => pictures.has(names[row]));
}

function rowsOf({ columns, values }: Matrix, rows: readonly number[]): Matrix {
  const some = matrix(rows.length, columns);
  for (const [to, row] of rows.entries()) {
    some.values.set(values.subarray(row * columns, (row + 1) * columns), to * columns);
  }
  return some;
}
