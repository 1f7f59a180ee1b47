/** The faces of a set as points of a plane. Beyond the paper, which shows neurons one by one. */
import { InputError } from "../../base/errors/index.ts";
import { type StagedProgress, stageOf } from "../../base/progress/index.ts";
import { createRng, type Rng } from "../../base/random/index.ts";
import { fitPca, type Multiply, project, type Rows } from "../../math/linalg/index.ts";
import type { FeatureSet } from "../features/index.ts";
import { distancesOf, nearestOf, planeDistances, unitRows } from "./likeness.ts";
import { sampleFaces } from "./sample.ts";
import { trustworthiness } from "./trust.ts";
import { umapPoints } from "./umap.ts";

export const MAP_WAYS = ["umap", "pca"] as const;
/** "pca": the plane in which the faces vary most. "umap": faces with the same neighbours lie together. */
export type MapWay = (typeof MAP_WAYS)[number];

export interface MapOptions extends StagedProgress {
  readonly by?: MapWay;
  /** Faces drawn; of more, people are sampled. From 4 to 5,000: distances of all pairs are in memory, 4 bytes each. */
  readonly most?: number;
  readonly seed?: number;
  /** Neighbours listed of each face. */
  readonly neighbours?: number;
  /** A faster matrix product. Default: the one of src/math/linalg. */
  readonly multiply?: Multiply;
}

export const MAP_DEFAULTS = { by: "umap", most: 2_000, seed: 1, neighbours: 8 } as const satisfies MapOptions;

/** Fewest and most faces of a map. */
const LIMITS = { least: 4, most: 5_000 } as const;
/** Neighbours by which a map is judged, where it has as many. */
const JUDGED_BY = 10;

export interface FaceMap {
  readonly by: MapWay;
  /** Of each face drawn, in the order of the set. */
  readonly names: readonly string[];
  readonly identities: readonly string[];
  /** [n, 2]: x and y in [0, 1], to one scale; neither direction means anything. */
  readonly points: Float64Array;
  /** The faces nearest by their features (not on the map), the nearest first, by number. */
  readonly neighbours: readonly (readonly number[])[];
  /** Trustworthiness of the map's neighbours, see `trustworthiness`; and how many it takes. */
  readonly trust: { readonly value: number; readonly neighbours: number };
  /** pca: the share of all variance that the plane shows. */
  readonly variance?: number;
  /** Faces that there were; more than drawn where people were sampled. */
  readonly of: number;
}

/**
 * A map of the faces of `set`, by the angle between their features. The same seed gives the same map.
 *
 * @throws InputError where there are fewer than 4 faces, or all are alike.
 * @example
 * const { points, neighbours } = await mapFaces(set, { by: "umap" });
 */
export async function mapFaces(given: FeatureSet, options: MapOptions = {}): Promise<FaceMap> {
  const { by, most, seed, neighbours } = { ...MAP_DEFAULTS, ...options };
  const { multiply } = options;
  if (!(Number.isInteger(most) && most >= LIMITS.least && most <= LIMITS.most)) {
    throw new InputError(`mapFaces: most must be from ${LIMITS.least} to ${LIMITS.most}, got ${most}`);
  }
  if (given.rows < LIMITS.least) {
    throw new InputError(`mapFaces: a map needs at least ${LIMITS.least} faces, got ${given.rows}`);
  }
  const rng = createRng(seed);
  const { set, of } = sampleFaces(given, most, rng.fork("sample"));
  const unit = unitRows(set);
  const distances = await distancesOf(unit, { ...stageOf(options, "comparing faces"), multiply });
  const plane = await pcaPlane(unit, rng.fork("pca"), multiply);
  const points =
    by === "pca"
      ? plane.points
      : fitted(
          await umapPoints(distances, {
            start: plane.points,
            rng: rng.fork("umap"),
            ...stageOf(options, "drawing the map"),
          }),
        );
  const judgedBy = Math.max(1, Math.min(JUDGED_BY, Math.ceil(set.rows / 2) - 1));
  return {
    by,
    names: set.names,
    identities: set.identities,
    points,
    neighbours: set.names.map((_, row) => nearestOf(distances, row, neighbours)),
    trust: {
      value: trustworthiness(distances, planeDistances(points), judgedBy),
      neighbours: judgedBy,
    },
    ...(by === "pca" && { variance: plane.variance }),
    of,
  };
}

/** Above this side components are found by iteration: exact ones take seconds. */
const EXACT = 256;

async function pcaPlane(unit: Rows, rng: Rng, multiply: Multiply | undefined) {
  const { rows, columns, values } = unit;
  const method = Math.min(rows, columns) <= EXACT ? "exact" : "randomised";
  const pca = await fitPca(unit, { components: 2, method, rng, multiply });
  let total = 0;
  for (let at = 0; at < values.length; at++) total += (values[at] - pca.mean[at % columns]) ** 2;
  const flat = project(pca, unit);
  const points = new Float64Array(2 * rows); // of one direction, y stays 0
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < flat.columns; k++) points[2 * row + k] = flat.values[row * flat.columns + k];
  }
  const shown = pca.variances.reduce((sum, variance) => sum + variance, 0);
  return { points: fitted(points), variance: (shown * (rows - 1)) / total };
}

/** Points moved and scaled, by one factor, into the square from 0 to 1, in its middle. */
function fitted(points: Float64Array): Float64Array {
  const [low, high] = [
    [0, 1].map(() => Number.POSITIVE_INFINITY),
    [0, 1].map(() => Number.NEGATIVE_INFINITY),
  ];
  for (const [at, value] of points.entries()) {
    low[at % 2] = Math.min(low[at % 2], value);
    high[at % 2] = Math.max(high[at % 2], value);
  }
  const side = Math.max(high[0] - low[0], high[1] - low[1]) || 1;
  return points.map((value, at) => 0.5 + (value - (low[at % 2] + high[at % 2]) / 2) / side);
}
