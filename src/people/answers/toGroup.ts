/** From features to what `clusterFaces` groups. */
import { CLUSTER_DEFAULTS, type FacesToGroup } from "../../matching/cluster/index.ts";
import type { FeatureSet } from "../../matching/features/index.ts";
import {
  createEncoder,
  createScorer,
  type ScorerOptions,
  type StoredMatcher,
} from "../../matching/match/index.ts";

/** The faces whose features are `set`. */
export function facesToGroup(
  { matcher, calibration }: StoredMatcher,
  set: FeatureSet,
  { correlation = CLUSTER_DEFAULTS.correlation }: ScorerOptions = {},
): FacesToGroup {
  const coordinates = matcher.project(set);
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
