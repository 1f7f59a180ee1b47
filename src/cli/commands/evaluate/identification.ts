/** `deepid evaluate identification`: who is it, if anyone? Closed and open set, in the manner of Best-Rowden et al. */

import { basename, join } from "node:path";
import type { Command } from "commander";
import { checkWritable, writeFileAtomic, writingTo } from "../../../base/files/index.ts";
import { columns, count, duration, formatPercent } from "../../../base/text/index.ts";
import { peopleInVideos, readVideoPairs } from "../../../faces/data/index.ts";
import { rateFigure } from "../../../lab/report/index.ts";
import {
  IDENTIFICATION_SIZES,
  type IdentificationLists,
  type IdentificationSummary,
  identification,
  type OpenSetSummary,
  type Spread,
  scoreTable,
} from "../../../matching/protocols/index.ts";
import { createMultiply } from "../../../math/engine/index.ts";
import type { Io } from "../../support/io.ts";
import { addEngineOptions, addExamples, existing, setAction, wholeNumber } from "../../support/options.ts";
import type { Output } from "../../support/output.ts";
import { writeResult } from "../../support/results.ts";
import { addMetricOption, METRICS, metricsAsked, type OneMetricOptions } from "./metrics.ts";
import { writeFigure } from "./results.ts";
import { addSubjectOptions, checkSubject, featuresOf, openSubject, type SubjectOptions } from "./subject.ts";

const WHAT = "evaluate identification";

interface IdentificationOptions extends SubjectOptions, OneMetricOptions {
  readonly youtube?: string;
  readonly people: number;
  readonly faces: number;
  readonly gallery: number;
  readonly seeds: number;
  readonly lists?: string;
  readonly figure?: string;
  readonly out?: string;
}

export function addIdentification(evaluate: Command, io: Io): void {
  const command = evaluate
    .command("identification")
    .summary("who of a gallery is it, if anyone?")
    .description(
      "Closed set: the rank of the right person. Open set: how many enrolled people are found (ranked first, above " +
        "the threshold) when 1 % of the others raise an alarm. The lists are drawn by seed in the sizes of " +
        "Best-Rowden et al. (2014), whose own were never released; results are mean and standard deviation over seeds.",
    )
    .option(
      "--youtube <file>",
      "YouTube Faces' splits.txt: people who are in it are the known ones",
      existing,
    )
    .option("--seeds <n>", "draws of the lists", wholeNumber(1), 10);
  addIdentificationSizes(command);
  addEngineOptions(addMetricOption(addSubjectOptions(command), { all: false }))
    .optionsGroup("Output:")
    .option("--lists <folder>", "write the lists of every seed, a .tsv of all pictures each")
    .option("--out <file>", "write the result as JSON too")
    .option("--figure <file>", "draw ranks and detection rates as SVG");
  addExamples(
    command,
    "deepid evaluate identification --model models/whole-face --features lfw.safetensors --youtube splits.txt --out identification.json",
    "deepid evaluate identification --features theirs.npy --metric cosine --people 50 --faces 400 --gallery 300",
  );
  setAction<IdentificationOptions>(command, io, (_, options, output) => identify(options, { io, output }));
}

/** Options for the sizes of the lists. */
export function addIdentificationSizes(command: Command): Command {
  const { people, faces, gallery } = IDENTIFICATION_SIZES;
  return command
    .option("--people <n>", "identification: known people", wholeNumber(1), people)
    .option("--faces <n>", "identification: faces of the known people, to 1 %", wholeNumber(2), faces)
    .option("--gallery <n>", "identification: people of the closed set's gallery", wholeNumber(1), gallery);
}

/** Draws the lists, scores them, and writes what was asked for. */
async function identify(
  options: IdentificationOptions,
  { io, output }: { io: Io; output: Output },
): Promise<void> {
  const started = io.now();
  const { youtube, lists } = options;
  for (const path of [options.figure, options.out]) if (path !== undefined) checkWritable(path, "file");
  if (lists !== undefined) checkWritable(lists, "folder");
  checkSubject(WHAT, options);
  const [metric] = metricsAsked(WHAT, options);
  const preferred = youtube === undefined ? undefined : peopleInVideos(await readVideoPairs(youtube));
  await using subject = await openSubject(options);
  const set = await featuresOf(subject, options, {}, { io, output });
  await using engine = createMultiply(options);
  const table = await scoreTable(METRICS[metric](subject.matcher), set, {
    multiply: engine.multiply,
    onProgress: output.stage("comparing"),
    signal: io.interrupt,
  });
  const { people, faces, gallery } = options;
  const summary = await identification(set, table, {
    people,
    faces,
    gallery,
    preferred,
    signal: io.interrupt,
    matcher: metric === "joint-bayesian" ? subject.matcher : undefined,
    seeds: Array.from({ length: options.seeds }, (_, i) => i + 1),
    onProgress: output.stage("identifying"),
    onLists: (seed, drawn) => writeLists(lists, seed, drawn, set),
  });
  const data = {
    protocol:
      "closed and open set in the sizes of Best-Rowden et al. (2014); lists drawn by seed, not those behind the paper's Table 3",
    metric,
    knownPeople: youtube === undefined ? "drawn" : `those in ${basename(youtube)} first`,
    ...summary,
    seconds: Math.round((io.now() - started) / 1000),
    model: subject.model,
    source: { faces: subject.faces },
  };
  await writeFigure(options.figure, () => figureOf(summary));
  await writeResult(
    options.out,
    { kind: "identification", system: subject.system, data: subject.faces },
    data,
    io,
  );
  output.result(data, describe(summary, data.seconds));
}

/** The lists of a seed: every picture, and what it is on each list. */
async function writeLists(
  folder: string | undefined,
  seed: number,
  { closed, openSingle, openMany }: IdentificationLists,
  { names, identities }: { readonly names: readonly string[]; readonly identities: readonly string[] },
): Promise<void> {
  if (folder === undefined) return;
  const roles = names.map(() => ["", "", ""]);
  const mark = (column: number, rows: readonly number[], role: string) => {
    for (const row of rows) roles[row][column] = role;
  };
  mark(0, closed.gallery, "gallery");
  mark(0, closed.probes, "probe");
  for (const [i, { gallery, genuine, impostors }] of [openSingle, openMany].entries()) {
    mark(i + 1, gallery, "gallery");
    mark(i + 1, genuine, "probe");
    mark(i + 1, impostors, "impostor");
  }
  const lines = names.map((name, row) => [name, identities[row], ...roles[row]].join("\t"));
  const head = ["name", "person", "closed", "open-single", "open-many"].join("\t");
  const path = join(folder, `identification-seed-${seed}.tsv`);
  await writingTo(path, () => writeFileAtomic(path, `${[head, ...lines].join("\n")}\n`));
}

const named = ({ openSingle, openMany, openManyBySet }: IdentificationSummary) =>
  [
    ["one face each enrolled", openSingle],
    ["all but one enrolled, the best counts", openMany],
    ["all but one enrolled, all count", openManyBySet],
  ].filter((entry): entry is [string, OpenSetSummary] => entry[1] !== undefined);

function figureOf(summary: IdentificationSummary): string {
  const { cumulativeMatch } = summary.closed;
  return rateFigure([
    {
      title: "Closed set: the right person among the first",
      axis: "Rank",
      curves: [
        {
          name: "closed set",
          points: cumulativeMatch.map(({ rank, rate }) => ({ at: rank, rate: rate.mean })),
        },
      ],
    },
    {
      title: "Open set: people found",
      axis: "False alarm rate",
      curves: named(summary).map(([name, { detection }]) => ({
        name,
        points: detection.map(({ falseAlarmRate, rate }) => ({ at: falseAlarmRate, rate: rate.mean })),
      })),
    },
  ]);
}

const percent = ({ mean, deviation }: Spread) => formatPercent(mean, { digits: 2, error: deviation });

/** Lines of the open set's results, at a false alarm rate of 1 %. */
export const detectionAt1 = ({ detection }: OpenSetSummary): string =>
  percent(detection.find(({ falseAlarmRate }) => falseAlarmRate === 0.01)!.rate);

function describe(summary: IdentificationSummary, seconds: number): string {
  const { closed, seeds } = summary;
  return [
    columns([
      ["closed set, rank 1", percent(closed.rank1)],
      ...named(summary).map(
        ([name, open]) => [`found at 1 % false alarms, ${name}`, detectionAt1(open)] as const,
      ),
    ]),
    `mean ± standard deviation over ${seeds.length} draws: ${count(closed.people)} people enrolled and ${count(closed.probes)} probes, ` +
      `${count(summary.openSingle.people)} known people and ${count(summary.openSingle.impostors)} impostors; ${duration(seconds)}`,
  ].join("\n");
}
