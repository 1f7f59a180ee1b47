/** From features to what `clusterFaces` groups. */
import { CLUSTER_DEFAULTS, type FacesToGroup } from "../../matching/cluster/index.ts";
import type { FeatureSet } from "../../matching/features/index.ts";
import { createScorer, type ScorerOptions, type StoredMatcher } from "../../matching/match/index.ts";
import { codesOf } from "./judge.ts";

/** The faces whose features are `set`, of a model whose codes have `neurons` bits. */
export function facesToGroup(
  { matcher, calibration }: StoredMatcher,
  neurons: number,
  set: FeatureSet,
  { correlation = CLUSTER_DEFAULTS.correlation }: ScorerOptions = {},
): FacesToGroup {
  const { rows, columns, values } = matcher.project(set);
  const vectors = Array.from({ length: rows }, (_, row) =>
    values.subarray(row * columns, (row + 1) * columns),
  );
  return {
    codes: codesOf(neurons, set),
    vectors,
    scorer: createScorer(matcher, calibration, { correlation }),
  };
}
