/** Mean, spread and histogram of a list of numbers. */
import { InputError } from "../../base/errors/index.ts";

export interface Summary {
  readonly mean: number;
  /** Standard deviation of the numbers themselves, dividing by their count. */
  readonly deviation: number;
}

/** Equal bins from `from` to `to`; values outside count in the first and the last. */
export interface Histogram {
  readonly from: number;
  readonly to: number;
  readonly counts: readonly number[];
}

export function summarise(values: ArrayLike<number>): Summary {
  const n = values.length;
  if (!(n >= 1)) throw new InputError("summarise: needs at least one number, got none");
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i];
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i] - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / n) };
}

export function histogram(
  values: ArrayLike<number>,
  { from, to, bins }: { from: number; to: number; bins: number },
): Histogram {
  if (!(to > from && bins >= 1)) {
    throw new InputError(`histogram: needs a range and bins, got ${from} to ${to} in ${bins}`);
  }
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < values.length; i++) {
    const bin = Math.floor(((values[i] - from) / (to - from)) * bins);
    counts[Math.min(Math.max(bin, 0), bins - 1)]++;
  }
  return { from, to, counts };
}
