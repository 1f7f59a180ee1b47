/**
 * Joint Bayesian that trusts its estimate of S_ε less: moved towards a multiple of the identity of the same trace, in the
 * coordinates of the principal components. Directions in which the pictures at hand hardly vary within a person else decide more than
 * they should on other pictures.
 * Source: Ledoit and Wolf, "A well-conditioned estimator for large-dimensional covariance matrices", 2004; the share is not by their
 * formula, but chosen on other people.
 */
import { InputError } from "../../base/errors/index.ts";
import { generalisedEigen, type Matrix, matrix } from "../../math/linalg/index.ts";
import type { JointBayesianFit } from "./fitJointBayesian.ts";
import type { JointBayesian } from "./jointBayesian.ts";

/**
 * The model of `fit`, in coordinates along another model's directions, with `share` (0 to 1) of both covariances replaced by that
 * model's: there S_ε is the identity and S_μ has its ratios λ on the diagonal. 1: the other model, but for the mean. Few people say
 * little of how people differ, and what more people said is the better guess of it.
 */
export function blendWith(
  { model, between, within }: JointBayesianFit,
  ratios: Float64Array,
  share: number,
): JointBayesian {
  checkShare(share);
  const d = within.rows;
  const blend = (own: Matrix, other: (k: number) => number) =>
    matrix(
      d,
      d,
      own.values.map(
        (value, at) => (1 - share) * value + (at % (d + 1) === 0 ? share * other(at / (d + 1)) : 0),
      ),
    );
  const { values, vectors } = generalisedEigen(
    blend(between, (k) => ratios[k]),
    blend(within, () => 1),
  );
  return { mean: model.mean, directions: vectors, ratios: values.map((ratio) => Math.max(ratio, 0)) };
}

function checkShare(share: number): void {
  if (share >= 0 && share <= 1) return;
  throw new InputError(`joint Bayesian: the share that is shrunk must be 0 to 1, got ${share}`);
}

/** The model of `fit` with `share` (0 to 1) of S_ε replaced by the identity times its mean variance; 0: as it was fitted. */
export function shrinkWithin({ model, between, within }: JointBayesianFit, share: number): JointBayesian {
  checkShare(share);
  if (share === 0) return model;
  const { rows: d, values } = within;
  const onDiagonal = (at: number) => at % (d + 1) === 0;
  const variance = values.reduce((sum, value, at) => (onDiagonal(at) ? sum + value / d : sum), 0);
  const shrunk = values.map((value, at) => (1 - share) * value + (onDiagonal(at) ? share * variance : 0));
  const { values: ratios, vectors: directions } = generalisedEigen(between, matrix(d, d, shrunk));
  return { mean: model.mean, directions, ratios: ratios.map((ratio) => Math.max(ratio, 0)) };
}
