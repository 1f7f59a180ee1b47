/** How often a threshold is wrong, over all thresholds that somebody might choose. */
import { type Calibration, operatingPoints, pointAt } from "../../matching/match/index.ts";
import type { Answer } from "./client.ts";

/** Steps of a slider. */
const STEPS = 160;
/** Scores of the rarest pairs are left out at both ends: a slider need not reach them. */
const RAREST = 0.002;

/** Thresholds in even steps, the named points among them, with both error rates. */
export function ratesOf(calibration: Calibration | undefined): Answer<"rates"> {
  if (!calibration) return { points: [], balanced: null, strict: null, pairs: { same: 0, different: 0 } };
  const { same, different } = calibration.scores;
  const at = (sorted: Float64Array, share: number) => sorted[Math.round(share * (sorted.length - 1))];
  const from = Math.min(at(same, RAREST), at(different, RAREST));
  const to = Math.max(at(same, 1 - RAREST), at(different, 1 - RAREST / 10));
  const { balanced, strict } = operatingPoints(calibration);
  const even = Array.from({ length: STEPS + 1 }, (_, k) => from + ((to - from) * k) / STEPS);
  const scores = [...new Set([...even, balanced.score, strict.score])].sort((a, b) => a - b);
  return {
    points: scores.map((score) => pointAt(calibration, score)),
    balanced,
    strict,
    pairs: { same: same.length, different: different.length },
  };
}
