/** What changes with the step: learning rate and weight of the verification signal. */
import type { Training } from "./config.ts";

/** Learning rate of step `step` (from 0): a linear rise, then half a cosine down to 0. */
export function learningRateAt(step: number, { learningRate: { peak, warmup }, steps }: Training): number {
  if (step < warmup) return (peak * (step + 1)) / warmup;
  return (peak / 2) * (1 + Math.cos((Math.PI * (step - warmup)) / Math.max(1, steps - warmup)));
}

/** λ of step `step`: 0 until identification has begun to work, then rising to its weight. */
export function lambdaAt(step: number, { lambda: { weight, after } }: Training): number {
  if (after === 0) return weight;
  return weight * Math.min(1, Math.max(0, step / after - 1));
}
