/** All pairs at few false accepts, and the open set, in the manner of BLUFR (Liao et al., 2014). */
import { type StagedProgress, stageOf } from "../../../base/progress/index.ts";
import { columns, count, formatPercent } from "../../../base/text/index.ts";
import {
  type BlufrSizes,
  type BlufrSummary,
  blufrTrials,
  type MetricName,
  type Spread,
} from "../../../matching/protocols/index.ts";
import { rateFigure } from "../../report/index.ts";
import type { Evaluation, Judged } from "./evaluation.ts";
import { type ListOptions, seedsOf, withScores, writeLists } from "./lists.ts";
import { detectionAt1, openSetPanel, spreadText } from "./openSet.ts";

export interface BlufrChoice extends ListOptions, Partial<BlufrSizes> {}

export interface BlufrData extends BlufrSummary {
  readonly protocol: string;
  readonly metric: MetricName;
  /** What BLUFR reports. */
  readonly meanMinusDeviation: {
    readonly verificationAtFalseAcceptRate0001: number;
    readonly detectionAtFalseAlarmRate001: number;
  };
}

/** Draws BLUFR's trials by seed and scores both tasks; nothing is learned from a trial's training people. */
export async function evaluateBlufr(
  judged: Judged,
  options: BlufrChoice,
  progress: StagedProgress = {},
): Promise<Evaluation<BlufrData>> {
  const { set } = judged;
  const { metric, lists: folder, training, gallery } = options;
  const summary = await withScores(judged, options, progress, (table) =>
    blufrTrials(set.identities, table, {
      training,
      gallery,
      seeds: seedsOf(options),
      ...stageOf(progress, "scoring trials"),
      onLists: (seed, { genuine, impostors, ...rest }) =>
        writeLists({ folder, file: `blufr-trial-${seed}.tsv` }, set, {
          part: { training: rest.training, gallery: rest.gallery, probe: genuine, impostor: impostors },
        }),
    }),
  );
  const { verification, detection } = keyRates(summary);
  const data = {
    protocol:
      "in the manner of BLUFR (Liao et al., 2014); trials drawn by seed, nothing learned from their training people",
    metric,
    meanMinusDeviation: {
      verificationAtFalseAcceptRate0001: less(verification),
      detectionAtFalseAlarmRate001: less(detection),
    },
    ...summary,
  };
  return { data, text: describe(summary), figure: () => figureOf(summary) };
}

/** BLUFR's two numbers: verification at 0.1 % false accepts, and people found at 1 % false alarms. */
const keyRates = ({ verification, openSet }: BlufrSummary) => ({
  verification: verification.find(({ falseAcceptRate }) => falseAcceptRate === 0.001)!.rate,
  detection: detectionAt1(openSet),
});

const less = ({ mean, deviation }: Spread) => mean - deviation;

function figureOf({ verification, openSet }: BlufrSummary): string {
  const points = verification.map(({ falseAcceptRate, rate }) => ({ at: falseAcceptRate, rate: rate.mean }));
  return rateFigure([
    {
      title: "All pairs: accepted",
      axis: "False accept rate",
      curves: [{ name: "verification", points }],
    },
    openSetPanel([["open set", openSet]]),
  ]);
}

function describe(summary: BlufrSummary): string {
  const { verification, detection } = keyRates(summary);
  const line = (rate: Spread) =>
    `${spreadText(rate)}, mean minus deviation ${formatPercent(less(rate), { digits: 2 })}`;
  const { seeds, impostorPairs, openSet } = summary;
  return [
    columns([
      ["verification at 0.1 % false accepts", line(verification)],
      ["found at 1 % false alarms", line(detection)],
    ]),
    `${seeds.length} trials of ${count(Math.round(impostorPairs.mean))} pairs of two people; ${count(openSet.people)} people enrolled, ` +
      `${count(openSet.impostors)} impostors`,
  ].join("\n");
}
