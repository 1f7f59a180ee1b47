/** From features to what `clusterFaces` groups. */
import { CLUSTER_DEFAULTS, type FacesToGroup } from "../../matching/cluster/index.ts";
import type { FeatureSet } from "../../matching/features/index.ts";
import {
  createEncoder,
  createScorer,
  type ScorerOptions,
  type StoredMatcher,
} from "../../matching/match/index.ts";
import type { Matrix } from "../../math/linalg/index.ts";

/** The faces whose features are `set`. */
export const facesToGroup = (model: StoredMatcher, set: FeatureSet, options?: ScorerOptions): FacesToGroup =>
  coordinatesToGroup(model, model.matcher.project(set), options);

/** The faces whose coordinates in the matcher are the rows of `coordinates`. */
export function coordinatesToGroup(
  { matcher, calibration }: StoredMatcher,
  coordinates: Matrix,
  { correlation = CLUSTER_DEFAULTS.correlation }: ScorerOptions = {},
): FacesToGroup {
  const { rows, columns, values } = coordinates;
  const vectors = Array.from({ length: rows }, (_, row) =>
    values.subarray(row * columns, (row + 1) * columns),
  );
  return {
    codes: createEncoder(matcher.model.ratios)(coordinates),
    vectors,
    scorer: createScorer(matcher, calibration, { correlation }),
  };
}
