/**
 * Binary codes for a matcher's coordinates: the signs of projections on random directions, whose Hamming distance grows with
 * the angle between two faces (Charikar, STOC 2002).
 *
 * Which angle: with ρ = λ / (1 + λ), the correlation of two pictures of one person along a direction, and coordinates â, b̂
 * brought to unit variance over all faces, the log likelihood ratio of Joint Bayesian is Σ ρ â b̂ to first order in ρ. So each
 * coordinate z = √(1 + λ) ẑ is weighted by √ρ / √(1 + λ) = √λ / (1 + λ). The paper's own codes, which neurons fire (Section 5),
 * need neurons whose signs were trained to tell people apart; these need a matcher, and have as many bits as one wants.
 */
import { createRng } from "../../base/random/index.ts";
import { type Matrix, type Multiply, matrix, project } from "../../math/linalg/index.ts";
import { type BinaryCodes, createFeatureSet, type FeatureSet } from "../features/index.ts";
import { codeOf, hammingDistance } from "./distances.ts";
import type { Matcher } from "./matcher.ts";
import { type PairMetric, pairMetric } from "./pairMetric.ts";
import { projectFeatures } from "./projectFeatures.ts";

/** Bits of a code: 64 bytes a face. */
export const MATCHER_CODE_BITS = 512;

/** The directions are part of what a code means: changing the seed makes all codes of stored galleries worthless. */
const SEED = 1;

/**
 * A function from coordinates [rows, k], as `Matcher.project` gives them, to codes of `bits` bits a row.
 *
 * @param ratios λ [k] of the matcher's model
 * @example
 * const encode = createEncoder(matcher.model.ratios);
 * const { codes, words } = encode(matcher.project(features)); // 16 words a face
 */
export function createEncoder(
  ratios: Float64Array,
  bits = MATCHER_CODE_BITS,
): (coordinates: Matrix) => BinaryCodes {
  const size = ratios.length;
  const directions = codeDirections(ratios, bits);
  const words = Math.ceil(bits / 32);
  return ({ rows, values }) => {
    const codes = new Uint32Array(rows * words);
    for (let row = 0; row < rows; row++) {
      const at = row * size;
      for (const [bit, direction] of directions.entries()) {
        let sum = 0;
        for (let i = 0; i < size; i++) sum += direction[i] * values[at + i];
        if (sum > 0) codes[row * words + (bit >>> 5)] |= 1 << (bit & 31);
      }
    }
    return { codes, rows, words, bits };
  };
}

/** What a code's bits are the signs of: one direction of `ratios.length` numbers a bit. */
function codeDirections(ratios: Float64Array, bits: number): Float64Array[] {
  const weights = ratios.map((ratio) => Math.sqrt(ratio) / (1 + ratio));
  return randomDirections(bits, ratios.length).map((row) => row.map((value, i) => value * weights[i]));
}

/**
 * The numbers [rows, MATCHER_CODE_BITS] whose signs are the codes of the faces of `set`: what a study of the codes as
 * features of their own takes.
 */
export async function codeProjections(
  matcher: Matcher,
  set: FeatureSet,
  multiply?: Multiply,
): Promise<FeatureSet> {
  const { rows, columns, values } = await projectFeatures(matcher, { set }, multiply);
  const directions = codeDirections(matcher.model.ratios, MATCHER_CODE_BITS);
  const components = matrix(
    directions.length,
    columns,
    Float64Array.from(directions.flatMap((row) => [...row])),
  );
  const source = { rows, columns, values: Float32Array.from(values) };
  const projected = project({ mean: new Float64Array(columns), components }, source);
  return createFeatureSet(Float32Array.from(projected.values), projected.columns, set);
}

/** Minus the number of bits in which the codes of two faces differ. */
export const matcherCodes = (matcher: Matcher): PairMetric =>
  pairMetric("codes", (set) => {
    const codes = createEncoder(matcher.model.ratios)(matcher.project(set));
    return (first, second) => -hammingDistance(codeOf(codes, first), codeOf(codes, second));
  });

/** `count` directions of `size` numbers, orthonormal among the first `size`, the second `size`, and so on: their bits repeat each other less. */
function randomDirections(count: number, size: number): Float64Array[] {
  const rng = createRng(SEED).fork("directions of codes");
  const directions: Float64Array[] = [];
  for (let i = 0; i < count; i++) {
    const direction = Float64Array.from({ length: size }, () => rng.normal());
    for (const earlier of directions.slice(i - (i % size))) {
      const along = dot(direction, earlier);
      for (let j = 0; j < size; j++) direction[j] -= along * earlier[j];
    }
    const length = Math.sqrt(dot(direction, direction));
    directions.push(direction.map((value) => value / length));
  }
  return directions;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
