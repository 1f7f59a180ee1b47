/** Ways to draw from an Rng that people and shots share. */
import type { Rng } from "../../base/random/index.ts";

/** A normal deviate around `mean`, cut off at two standard deviations so that no face falls apart. */
export function around(rng: Rng, mean: number, deviation: number): number {
  const z = rng.normal();
  return mean + deviation * Math.max(-2, Math.min(2, z));
}

/** Uniform in [low, high). */
export function between(rng: Rng, low: number, high: number): number {
  return low + (high - low) * rng.uniform();
}

/** True with the given probability. */
export function chance(rng: Rng, probability: number): boolean {
  return rng.uniform() < probability;
}

/** One key of `weights`, drawn in proportion to its weight. */
export function pick<K extends string>(rng: Rng, weights: Readonly<Record<K, number>>): K {
  const keys = Object.keys(weights) as K[];
  const total = keys.reduce((sum, key) => sum + weights[key], 0);
  let rest = rng.uniform() * total;
  for (const key of keys) {
    rest -= weights[key];
    if (rest < 0) return key;
  }
  return keys[keys.length - 1];
}
