/**
 * The receiver operating characteristic: how often pairs of two people are accepted (false positives) against how
 * often pairs of one person are (true positives), over all thresholds.
 */
import { InputError } from "../../base/errors/index.ts";
import { checkScores, type ScoredPair } from "./scoredPairs.ts";

/** Points of the curve from (0, 0) to (1, 1), both rates rising. */
export interface Roc {
  readonly falsePositiveRate: readonly number[];
  readonly truePositiveRate: readonly number[];
}

/**
 * The curve over folds as LFW asks for it: one threshold for all folds, the rates averaged over them. Pairs of equal
 * score are accepted together. Every fold needs pairs of either kind.
 */
export function rocOverFolds(folds: readonly (readonly ScoredPair[])[]): Roc {
  const total = folds.map(countKinds);
  const accepted = folds.map(() => ({ same: 0, different: 0 }));
  const meanRate = (kind: "same" | "different") =>
    accepted.reduce((sum, counts, k) => sum + counts[kind] / total[k][kind], 0) / folds.length;
  const sorted = folds.flatMap((fold, k) => fold.map((pair) => ({ ...pair, fold: k })));
  sorted.sort((p, q) => q.score - p.score);
  const falsePositiveRate = [0];
  const truePositiveRate = [0];
  for (const [i, { score, same, fold }] of sorted.entries()) {
    accepted[fold][same ? "same" : "different"]++;
    if (sorted[i + 1]?.score === score) continue;
    falsePositiveRate.push(meanRate("different"));
    truePositiveRate.push(meanRate("same"));
  }
  return { falsePositiveRate, truePositiveRate };
}

function countKinds(fold: readonly ScoredPair[], k: number): { same: number; different: number } {
  checkScores(`rocOverFolds: fold ${k}`, fold);
  const same = fold.filter((pair) => pair.same).length;
  const different = fold.length - same;
  if (!(same >= 1 && different >= 1)) {
    throw new InputError(
      `rocOverFolds: fold ${k} needs pairs of one person and of two, got ${same} and ${different}`,
    );
  }
  return { same, different };
}

/** Area under the curve: the chance that a pair of one person scores above one of two, ties counting half. */
export function areaUnder({ falsePositiveRate: x, truePositiveRate: y }: Roc): number {
  let area = 0;
  for (let i = 1; i < x.length; i++) area += ((x[i] - x[i - 1]) * (y[i] + y[i - 1])) / 2;
  return area;
}

/** The rate at which false accepts are as frequent as false rejects, on the line between the points around it. */
export function equalErrorRate({ falsePositiveRate: x, truePositiveRate: y }: Roc): number {
  const excess = (i: number) => x[i] - (1 - y[i]); // rises from -1 to 1
  const after = x.findIndex((_, i) => excess(i) >= 0);
  const [low, high] = [excess(after - 1), excess(after)];
  const share = -low / (high - low);
  return x[after - 1] + share * (x[after] - x[after - 1]);
}

/** The highest true positive rate whose false positive rate is at most `rate`. */
export function truePositiveRateAt({ falsePositiveRate: x, truePositiveRate: y }: Roc, rate: number): number {
  const beyond = x.findIndex((value) => value > rate + 1e-12); // 3 / 3000 must count as 0.001
  return y[beyond === -1 ? y.length - 1 : beyond - 1];
}

/** Rates up to here are kept point by point: they are what a logarithmic axis shows. */
const FINE_UP_TO = 0.01;
/** Elsewhere a point is kept when the curve has moved so far since the last one. */
const STEP = 1 / 200;

/** Fewer points for storing and drawing: all corners at low false positive rates, some hundred beyond. */
export function thin({ falsePositiveRate: x, truePositiveRate: y }: Roc): Roc {
  const kept = [0];
  for (let i = 1; i < x.length; i++) {
    const last = kept[kept.length - 1];
    const corner = i + 1 === x.length || !onOneSide(x, y, i);
    const moved = x[i] - x[last] + y[i] - y[last];
    if (i + 1 === x.length || (corner && (x[i] <= FINE_UP_TO || moved >= STEP))) kept.push(i);
  }
  return {
    falsePositiveRate: kept.map((i) => round(x[i])),
    truePositiveRate: kept.map((i) => round(y[i])),
  };
}

/** Whether the curve goes straight up or straight right through point i. */
function onOneSide(x: readonly number[], y: readonly number[], i: number): boolean {
  return (x[i - 1] === x[i] && x[i] === x[i + 1]) || (y[i - 1] === y[i] && y[i] === y[i + 1]);
}

const round = (value: number) => Math.round(value * 1e6) / 1e6;
