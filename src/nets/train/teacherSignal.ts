/**
 * A teacher's signal: what a strong embedder of someone else says of the training pictures, as targets of the net's features.
 *
 * Sources: the map and the squared error are MobileID's [Luo et al., AAAI 2016], by the authors of DeepID2+, which regresses
 * a teacher's neurons; the kernel is the arc-cosine kernel of order 1 [Cho and Saul, NIPS 2009].
 */
import {
  add,
  constant,
  div,
  type Expr,
  gemm,
  mean,
  mul,
  scalar,
  sqrt,
  square,
  sub,
  sum,
} from "../../math/graph/index.ts";
import { filled, gaussian, type Scope } from "../net/index.ts";

/**
 * FC-`tap` [n, neurons] through a linear map onto the teacher's `width` numbers [n, width]. The map exists in training only.
 */
export function mapOnto(scope: Scope, width: number, tap: number, features: Expr): Expr {
  const neurons = features.shape[1];
  const weight = scope.parameter({
    name: `map${tap}.weight`,
    shape: [neurons, width],
    kind: "weight",
    initialise: (rng) => gaussian([neurons, width], 1 / Math.sqrt(neurons) / 4, rng),
  });
  const bias = scope.parameter({
    name: `map${tap}.bias`,
    shape: [1, width],
    kind: "bias",
    initialise: filled([1, width], 0),
  });
  return add(gemm(features, weight), bias);
}

/** Mean squared error of `mapped` [n, width] against `targets`: 1 where nothing is known but their mean. */
export const regression = (mapped: Expr, targets: Expr): Expr => mean(square(sub(mapped, targets)));

/** Keeps the length of a row of zeros above 0. */
const SMALLEST = 1e-6;

/**
 * How far the cosines between the rows of `features` [n, neurons] are from `similarities` [n, n]: the mean square over all
 * pairs of rows, plus that over the pairs 2i and 2i + 1, of one person, of which there are few.
 */
export function kernelError(features: Expr, similarities: Expr): Expr {
  const n = features.shape[0];
  const length = sqrt(add(sum(square(features), [1], { keep: true }), scalar(SMALLEST)));
  const unit = div(features, length);
  const cosines = gemm(unit, unit, { transB: true });
  return sum(mul(pairWeights(n), square(sub(cosines, similarities))));
}

function pairWeights(n: number): Expr {
  const weights = Float32Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    if (i === j) return 0;
    return 1 / (n * (n - 1)) + ((i ^ 1) === j ? 1 / n : 0);
  });
  return constant(weights, [n, n]);
}

/**
 * The cosine between two rectified features that hang off the teacher's by random weights, given the cosine c of the
 * teacher's: (√(1 - c²) + c (π - arccos c)) / π. 1/π for strangers, 1 for the same picture. Features with these cosines
 * also differ in the share arccos(c) / π of their signs, so that binary codes keep the teacher's order of pairs.
 */
export function arcCosine(cosine: number): number {
  const c = Math.min(1, Math.max(-1, cosine));
  return (Math.sqrt(1 - c * c) + c * (Math.PI - Math.acos(c))) / Math.PI;
}

/** The arc-cosine kernel [n, n] of the rows of `targets` [n, width]. */
export function similaritiesOf(targets: Float32Array, width: number): Float32Array {
  const n = targets.length / width;
  const unit = targets.slice();
  for (let row = 0; row < n; row++) {
    const own = unit.subarray(row * width, (row + 1) * width);
    const length = Math.hypot(...own) || 1;
    for (let i = 0; i < width; i++) own[i] /= length;
  }
  const similarities = new Float32Array(n * n);
  for (let a = 0; a < n; a++) {
    for (let b = 0; b <= a; b++) {
      let dot = 0;
      for (let i = 0; i < width; i++) dot += unit[a * width + i] * unit[b * width + i];
      similarities[a * n + b] = similarities[b * n + a] = arcCosine(dot);
    }
  }
  return similarities;
}
