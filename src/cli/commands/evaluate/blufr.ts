/** `deepid evaluate blufr`: all pairs at few false accepts, and the open set, as BLUFR has it. */

import { join } from "node:path";
import type { Command } from "commander";
import { checkWritable, writeFileAtomic, writingTo } from "../../../base/files/index.ts";
import { columns, count, duration, formatPercent } from "../../../base/text/index.ts";
import { rateFigure } from "../../../lab/report/index.ts";
import {
  BLUFR_SIZES,
  type BlufrSummary,
  type BlufrTrial,
  blufrTrials,
  type Spread,
  scoreTable,
} from "../../../matching/protocols/index.ts";
import { createMultiply } from "../../../math/engine/index.ts";
import type { Io } from "../../support/io.ts";
import { addEngineOptions, addExamples, setAction, wholeNumber } from "../../support/options.ts";
import type { Output } from "../../support/output.ts";
import { writeResult } from "../../support/results.ts";
import { addMetricOption, METRICS, metricsAsked, type OneMetricOptions } from "./metrics.ts";
import { writeFigure } from "./results.ts";
import { addSubjectOptions, checkSubject, featuresOf, openSubject, type SubjectOptions } from "./subject.ts";

const WHAT = "evaluate blufr";

interface BlufrOptions extends SubjectOptions, OneMetricOptions {
  readonly training: number;
  readonly gallery: number;
  readonly trials: number;
  readonly lists?: string;
  readonly figure?: string;
  readonly out?: string;
}

export function addBlufr(evaluate: Command, io: Io): void {
  const command = evaluate
    .command("blufr")
    .summary("all pairs at few false accepts, and the open set")
    .description(
      "In the manner of BLUFR (Liao et al., 2014): in each trial people are set aside for training and all faces of " +
        "the others are compared with each other, at a false accept rate of 0.1 %; then some of them are enrolled and " +
        "looked for among the rest, at a false alarm rate of 1 %. The trials are drawn by seed, they are not BLUFR's " +
        "own; nothing is learned from the training people. BLUFR reports mean minus standard deviation.",
    )
    .option("--training <n>", "people set aside in each trial", wholeNumber(0), BLUFR_SIZES.training)
    .option("--gallery <n>", "people enrolled in the open set", wholeNumber(1), BLUFR_SIZES.gallery)
    .option("--trials <n>", "trials", wholeNumber(1), 10);
  addEngineOptions(addMetricOption(addSubjectOptions(command), { all: false }))
    .optionsGroup("Output:")
    .option("--lists <folder>", "write the lists of every trial, a .tsv of all pictures each")
    .option("--out <file>", "write the result as JSON too")
    .option("--figure <file>", "draw both tasks as SVG");
  addExamples(
    command,
    "deepid evaluate blufr --model models/whole-face --features lfw.safetensors --out blufr.json --figure blufr.svg",
    "deepid evaluate blufr --features theirs.csv --metric cosine --trials 3",
  );
  setAction<BlufrOptions>(command, io, (_, options, output) => scoreTrials(options, { io, output }));
}

/** Draws the trials, scores them, and writes what was asked for. */
async function scoreTrials(options: BlufrOptions, { io, output }: { io: Io; output: Output }): Promise<void> {
  const started = io.now();
  const { lists, training, gallery } = options;
  for (const path of [options.figure, options.out]) if (path !== undefined) checkWritable(path, "file");
  if (lists !== undefined) checkWritable(lists, "folder");
  checkSubject(WHAT, options);
  const [metric] = metricsAsked(WHAT, options);
  await using subject = await openSubject(options);
  const set = await featuresOf(subject, options, {}, { io, output });
  await using engine = createMultiply(options);
  const table = await scoreTable(METRICS[metric](subject.matcher), set, {
    multiply: engine.multiply,
    onProgress: output.stage("comparing"),
    signal: io.interrupt,
  });
  const summary = await blufrTrials(set.identities, table, {
    training,
    gallery,
    signal: io.interrupt,
    seeds: Array.from({ length: options.trials }, (_, i) => i + 1),
    onProgress: output.stage("scoring trials"),
    onLists: (seed, trial) => writeLists(lists, seed, trial, set),
  });
  const data = {
    protocol:
      "in the manner of BLUFR (Liao et al., 2014); trials drawn by seed, nothing learned from their training people",
    metric,
    meanMinusDeviation: meansLessDeviations(summary),
    ...summary,
    seconds: Math.round((io.now() - started) / 1000),
    model: subject.model,
    source: { faces: subject.faces },
  };
  await writeFigure(options.figure, () => figureOf(summary));
  await writeResult(options.out, { kind: "blufr", system: subject.system, data: subject.faces }, data, io);
  output.result(data, describe(summary, data.seconds));
}

/** The trial of a seed: every picture and its part. */
async function writeLists(
  folder: string | undefined,
  seed: number,
  { training, gallery, genuine, impostors }: BlufrTrial,
  { names, identities }: { readonly names: readonly string[]; readonly identities: readonly string[] },
): Promise<void> {
  if (folder === undefined) return;
  const parts = names.map(() => "");
  for (const [part, rows] of Object.entries({ training, gallery, probe: genuine, impostor: impostors })) {
    for (const row of rows) parts[row] = part;
  }
  const lines = names.map((name, row) => [name, identities[row], parts[row]].join("\t"));
  const path = join(folder, `blufr-trial-${seed}.tsv`);
  await writingTo(path, () => writeFileAtomic(path, `${["name\tperson\tpart", ...lines].join("\n")}\n`));
}

/** BLUFR's two numbers: verification at 0.1 % false accepts, and people found at 1 % false alarms. */
function keyRates({ verification, openSet }: BlufrSummary): { verification: Spread; detection: Spread } {
  return {
    verification: verification.find(({ falseAcceptRate }) => falseAcceptRate === 0.001)!.rate,
    detection: openSet.detection.find(({ falseAlarmRate }) => falseAlarmRate === 0.01)!.rate,
  };
}

function meansLessDeviations(summary: BlufrSummary) {
  const { verification, detection } = keyRates(summary);
  const less = ({ mean, deviation }: Spread) => mean - deviation;
  return {
    verificationAtFalseAcceptRate0001: less(verification),
    detectionAtFalseAlarmRate001: less(detection),
  };
}

const figureOf = ({ verification, openSet }: BlufrSummary): string =>
  rateFigure([
    {
      title: "All pairs: accepted",
      axis: "False accept rate",
      curves: [
        {
          name: "verification",
          points: verification.map(({ falseAcceptRate, rate }) => ({ at: falseAcceptRate, rate: rate.mean })),
        },
      ],
    },
    {
      title: "Open set: people found",
      axis: "False alarm rate",
      curves: [
        {
          name: "open set",
          points: openSet.detection.map(({ falseAlarmRate, rate }) => ({
            at: falseAlarmRate,
            rate: rate.mean,
          })),
        },
      ],
    },
  ]);

function describe(summary: BlufrSummary, seconds: number): string {
  const { verification, detection } = keyRates(summary);
  const line = ({ mean, deviation }: Spread) =>
    `${formatPercent(mean, { digits: 2, error: deviation })}, mean minus deviation ${formatPercent(mean - deviation, { digits: 2 })}`;
  const { seeds, impostorPairs, openSet } = summary;
  return [
    columns([
      ["verification at 0.1 % false accepts", line(verification)],
      ["found at 1 % false alarms", line(detection)],
    ]),
    `${seeds.length} trials of ${count(Math.round(impostorPairs.mean))} pairs of two people; ${count(openSet.people)} people enrolled, ` +
      `${count(openSet.impostors)} impostors; ${duration(seconds)}`,
  ].join("\n");
}
