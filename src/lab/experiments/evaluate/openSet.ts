/** How identification and BLUFR tell of the open set: strangers ask, too. */
import { formatPercent } from "../../../base/text/index.ts";
import type { OpenSetSummary, Spread } from "../../../matching/protocols/index.ts";
import type { RatePanel } from "../../report/index.ts";

/** Mean and deviation over draws, as text. */
export const spreadText = ({ mean, deviation }: Spread): string =>
  formatPercent(mean, { digits: 2, error: deviation });

/** The share of people found at a false alarm rate of 1 %. */
export const detectionAt1 = ({ detection }: OpenSetSummary): Spread =>
  detection.find(({ falseAlarmRate }) => falseAlarmRate === 0.01)!.rate;

/** People found at each false alarm rate, as a curve of each open set. */
export const openSetPanel = (sets: readonly (readonly [string, OpenSetSummary])[]): RatePanel => ({
  title: "Open set: people found",
  axis: "False alarm rate",
  curves: sets.map(([name, { detection }]) => ({
    name,
    points: detection.map(({ falseAlarmRate, rate }) => ({ at: falseAlarmRate, rate: rate.mean })),
  })),
});
