import { expect, test } from "vitest";
import { calibrate } from "../../matching/match/index.ts";
import { explainPair } from "./explain.ts";

const calibrationOn = (pairs: number) =>
  calibrate(
    Float64Array.from({ length: pairs }, (_, i) => 5 + i / pairs),
    Float64Array.from({ length: pairs }, (_, i) => i / pairs),
  );
/** Above the score of every pair of strangers. */
const NONE = -1;

/** The score that a share of the pairs of strangers are above. */
const explained = (pairs: number, share: number) => {
  const calibration = calibrationOn(pairs);
  const { different, same } = calibration.scores;
  const score = share === NONE ? same[0] : different[Math.round((1 - share) * pairs)];
  return explainPair({ calibration } as Parameters<typeof explainPair>[0], "different", score);
};

test("of few pairs of strangers those that score as high are counted, of many their share is given", () => {
  expect(explained(36, 1)).toMatch(/: 36 of 36 pairs of strangers score this high, and 100 % of true pairs/);
  expect(explained(4_000, 0.75)).toMatch(/: 75 % of pairs of strangers score this high/);
  expect(explained(4_000, 0.05)).toMatch(/: 1 in 20 pairs of strangers scores this high/);
  expect(explained(36, NONE)).toMatch(/: none of 36 pairs of strangers scores this high/);
  expect(explained(4_000, NONE)).toMatch(/: fewer than 1 in 4,000 pairs of strangers score this high/);
});
