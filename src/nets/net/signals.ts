/**
 * The two supervisory signals, applied alike to every FC-n.
 *
 * Sources: DeepID2 (NIPS 2014), Eq. 1 (identification) and Eq. 2 (verification); DeepID2+ applies both to each
 * of FC-1 to FC-4 [Section 3].
 */
import {
  add,
  atLeast,
  cast,
  differentiatedBy,
  div,
  type Expr,
  equal,
  exp,
  gemm,
  log,
  max,
  mean,
  mul,
  range,
  relu,
  reshape,
  scalar,
  scale,
  sqrt,
  square,
  stopGradient,
  sub,
  sum,
  transpose,
} from "../../math/graph/index.ts";

/**
 * Identification: -log softmax(logits)[identity], averaged over the batch.
 * `logits` [n, people]; `identities` [n], whole numbers stored as float32.
 */
export function identification(logits: Expr, identities: Expr): Expr {
  const [n, people] = logits.shape;
  const target = cast(equal(reshape(identities, [n, 1]), range(people)), "float32"); // [n, people], one-hot
  const shifted = sub(logits, stopGradient(max(logits, [1]))); // keeps every exponential at most 1
  const partition = sum(exp(shifted), [1], { keep: true });
  const logProbability = sub(shifted, log(partition));
  const loss = scale(sum(mul(logProbability, target)), -1 / n);
  return differentiatedBy(loss, [logits], (dy) => [
    mul(sub(exp(logProbability), target), mul(dy, scalar(1 / n))), // softmax minus target
  ]);
}

/** Squared distances stay above this: the derivative of a distance at 0 is not defined. */
const SMALLEST = 1e-6;

/**
 * Verification: contrastive L2 over all pairs of the batch. Pairs of one person cost d²/2, pairs of two cost
 * max(0, margin - d)²/2; each kind is averaged over its pairs, so that the many different pairs of a batch do
 * not drown the few same ones.
 * `features` [n, d]; `same` [n, n] is 1 for two pictures of one person, 0 else (and on the diagonal, too, 1);
 * `margin` a scalar. Returns the loss and all distances [n, n].
 */
export function verification(features: Expr, same: Expr, margin: Expr): { loss: Expr; distances: Expr } {
  const n = features.shape[0];
  const different = sub(scalar(1), same);
  const samePairs = atLeast(sub(sum(same), scalar(n)), 1); // the diagonal is no pair
  const differentPairs = atLeast(sum(different), 1);
  const squares = sum(square(features), [1], { keep: true }); // [n, 1]
  const gram = gemm(features, features, { transB: true });
  const squared = atLeast(sub(add(squares, transpose(squares, [1, 0])), scale(gram, 2)), SMALLEST);
  const distances = sqrt(squared);
  const short = relu(sub(margin, distances)); // how far a different pair lacks the margin
  const pull = div(scale(sum(mul(same, squared)), 0.5), samePairs);
  const push = div(scale(sum(mul(different, square(short))), 0.5), differentPairs);
  const loss = differentiatedBy(add(pull, push), [features], (dy) => {
    // dL/dfᵢ = Σⱼ 2 Aᵢⱼ (fᵢ - fⱼ), A symmetric: the weight of each pair's pull or push.
    const weight = sub(div(same, samePairs), div(mul(different, div(short, distances)), differentPairs));
    const toward = gemm(weight, features);
    const total = mul(sum(weight, [1], { keep: true }), features);
    return [mul(scale(sub(total, toward), 2), dy)];
  });
  return { loss, distances };
}

/** 1 where two of `identities` [n] are the same person, 0 else: [n, n]. */
export function sameIdentity(identities: Expr): Expr {
  const n = identities.shape[0];
  return cast(equal(reshape(identities, [n, 1]), reshape(identities, [1, n])), "float32");
}

/** Mean Euclidean norm of the rows of `features` [n, d]. */
export const meanNorm = (features: Expr): Expr => mean(sqrt(sum(square(features), [1])));
