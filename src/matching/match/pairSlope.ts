/** How a score moves with the features of one of the two faces: the way back from a verdict to what it rests on. */
import { InputError } from "../../base/errors/index.ts";
import { type Matcher, projectFace } from "./matcher.ts";

export interface PairSlope {
  /** log p(one person) - log p(two people), in nats, as `matcher.pair` says before calibration. */
  readonly score: number;
  /** [dimension]: ∂ score / ∂ features. */
  readonly slope: Float64Array;
}

/** The score of `features` [dimension] with a face of coordinates `other` [k], and its gradient with respect to them. */
export function pairSlope(matcher: Matcher, features: Float32Array, other: Float64Array): PairSlope {
  const { directions, ratios, blockSize } = matcher.model;
  const own = projectFace(matcher, features);
  if (other.length !== own.length) {
    throw new InputError(`pairSlope: needs ${own.length} coordinates of the other face, got ${other.length}`);
  }
  const slope = new Float64Array(features.length);
  ratios.forEach((ratio, k) => {
    const along = (ratio / (1 + 2 * ratio)) * (own[k] + other[k]) - (ratio / (1 + ratio)) * own[k];
    const row = k * features.length;
    for (let i = 0; i < slope.length; i++) slope[i] += along * directions.values[row + i];
  });
  if (blockSize > 0) {
    for (let at = 0; at < slope.length; at += blockSize)
      throughUnitLength(features, slope, at, at + blockSize);
  }
  return { score: matcher.pair(own, other), slope };
}

/** Takes the slope of a block's unit vector back to the block: d(x / |x|) = (I - u uᵀ) dx / |x|. A block of zeros stays. */
function throughUnitLength(features: Float32Array, slope: Float64Array, from: number, to: number): void {
  let [squares, inner] = [0, 0];
  for (let i = from; i < to; i++) {
    squares += features[i] ** 2;
    inner += features[i] * slope[i];
  }
  if (squares === 0) return;
  const length = Math.sqrt(squares);
  for (let i = from; i < to; i++) slope[i] = (slope[i] - (inner / squares) * features[i]) / length;
}
