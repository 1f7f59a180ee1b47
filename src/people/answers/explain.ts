/** Answers in one plain sentence. Runs in a browser, too. */
import { count, formatPercent } from "../../base/text/index.ts";
import { type Calibration, sharesAtLeast } from "../../matching/match/index.ts";
import type { Verdict } from "./answers.ts";
import { type Decision, falseAlarmRateOf } from "./decision.ts";

const UNSURE = "the model is not calibrated, so nobody can say how sure that is";

const PAIR: Readonly<Record<Verdict, string>> = {
  same: "These are the same person",
  "probably the same": "These are probably the same person",
  different: "These are taken for different people",
};

/** The verdict on a pair: "These are probably the same person: 1 in 240 pairs of strangers scores this high, and 68 % of true pairs do." */
export function explainPair({ calibration }: Decision, verdict: Verdict, score: number): string {
  if (!calibration) return `${PAIR[verdict]}: ${UNSURE}.`;
  const { same } = sharesAtLeast(calibration, score);
  const strangers = strangersAsHigh(calibration, score);
  return verdict === "different"
    ? `${PAIR[verdict]}: ${strangers}, and ${percent(same)} of true pairs score higher.`
    : `${PAIR[verdict]}: ${strangers}, and ${same === 0 ? "no true pair either" : `${percent(same)} of true pairs do`}.`;
}

/** Of fewer pairs a share would look like more than it is: they are counted. */
const FEW_PAIRS = 1_000;

function strangersAsHigh(calibration: Calibration, score: number): string {
  const { different } = sharesAtLeast(calibration, score);
  const pairs = calibration.different.length;
  if (pairs < FEW_PAIRS && different === 0)
    return `none of ${count(pairs)} pairs of strangers scores this high`;
  if (different === 0) return `fewer than 1 in ${count(pairs)} pairs of strangers score this high`;
  if (pairs < FEW_PAIRS)
    return `${count(Math.round(different * pairs))} of ${count(pairs)} pairs of strangers score this high`;
  if (different > 0.5) return `${percent(different)} of pairs of strangers score this high`;
  return `1 in ${count(rounded(1 / different))} pairs of strangers scores this high`;
}

/** Who it is: "This is probably Ann: 1 in 34 strangers would score this high against one of these 22 people." */
export function explainIdentity(
  { calibration }: Decision,
  {
    verdict,
    score,
    name,
    people,
    condition,
  }: {
    readonly verdict: Verdict;
    readonly score: number;
    /** Of the best candidate; undefined: nobody is known, or nobody who meets the condition. */
    readonly name: string | undefined;
    readonly people: number;
    /** What the faces searched had to meet, in words. */
    readonly condition?: string;
  },
): string {
  if (name === undefined)
    return condition ? `No face in the gallery meets ${condition}.` : "Nobody is known here.";
  const subject =
    verdict === "different"
      ? "This is nobody known here"
      : `This is ${verdict === "same" ? "" : "probably "}${name}`;
  if (!calibration) return `${subject}: ${UNSURE}.`;
  const share = falseAlarmRateOf(sharesAtLeast(calibration, score).different, people);
  const strangers =
    share > 0.5
      ? `${percent(share)} of strangers`
      : share > 0
        ? `1 in ${count(rounded(1 / share))} strangers`
        : "hardly any stranger";
  const among = people === 1 ? name : `one of these ${count(people)} people`;
  return verdict === "different"
    ? `${subject}: ${name} is the closest, but ${strangers} would score this high against ${among}.`
    : `${subject}: ${strangers} would score this high against ${among}.`;
}

/** Two digits are enough for a person. */
const rounded = (value: number): number =>
  value < 10 ? Math.round(10 * value) / 10 : Number(value.toPrecision(2));

/** Whole percents but near the ends: "fewer than 0.1 %", "0.4 %", "68 %". */
const percent = (share: number): string =>
  share > 0 && share < 0.001
    ? "fewer than 0.1 %"
    : formatPercent(share, { digits: share > 0 && share < 1 && (share < 0.02 || share > 0.98) ? 1 : 0 });
