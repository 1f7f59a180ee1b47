/**
 * Verification over all pairs at few false accepts, and open-set identification, as BLUFR has it: Liao, Lei, Yi and
 * Li, "A benchmark study of large-scale unconstrained face recognition" (IJCB 2014).
 */

import type { BlufrTrial } from "./drawLists.ts";
import { enrolByBest, type OpenSet, openSet } from "./identification.ts";
import { largestScores } from "./impostors.ts";
import type { ScoreTable } from "./scoreTable.ts";

export interface BlufrResult {
  /** Pairs of one person and of two among all test faces. */
  readonly genuinePairs: number;
  readonly impostorPairs: number;
  /** At each false accept rate, the share of pairs of one person accepted. */
  readonly verification: readonly { readonly falseAcceptRate: number; readonly rate: number }[];
  readonly openSet: OpenSet;
}

/** False accept rates at which verification is reported; BLUFR's number is that at 0.1 %. */
export const BLUFR_RATES = [1e-4, 1e-3, 1e-2] as const;

/** Scores one trial. */
export function blufr(table: ScoreTable, identities: readonly string[], trial: BlufrTrial): BlufrResult {
  const { test } = trial;
  const genuine: number[] = [];
  const impostors = largestScores((test.length * (test.length - 1)) / 2, BLUFR_RATES[BLUFR_RATES.length - 1]);
  for (const [i, a] of test.entries()) {
    for (let j = 0; j < i; j++) {
      const score = table.at(a, test[j]);
      if (identities[a] === identities[test[j]]) genuine.push(score);
      else impostors.add(score);
    }
  }
  return {
    genuinePairs: genuine.length,
    impostorPairs: impostors.count,
    verification: BLUFR_RATES.map((falseAcceptRate) => {
      const threshold = impostors.thresholdAt(falseAcceptRate);
      const accepted = genuine.filter((score) => score > threshold).length;
      return { falseAcceptRate, rate: accepted / genuine.length };
    }),
    openSet: openSet(enrolByBest(table, identities, trial.gallery), identities, trial),
  };
}
