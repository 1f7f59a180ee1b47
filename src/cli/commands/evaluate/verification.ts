/** `deepid evaluate verification`: one person or two, on a list of pairs, as LFW's protocol has it. */

import { basename } from "node:path";
import type { Command } from "commander";
import { checkWritable } from "../../../base/files/index.ts";
import { count, duration } from "../../../base/text/index.ts";
import {
  excludePairs,
  pairsAmong,
  picturesIn,
  readExclusions,
  readPairs,
  rowsOfPairs,
} from "../../../faces/data/index.ts";
import { rocFigure } from "../../../lab/report/index.ts";
import type { FeatureSet, PairList } from "../../../matching/features/index.ts";
import { foldsOf, type MetricName, verifyBy } from "../../../matching/protocols/index.ts";
import type { Io } from "../../support/io.ts";
import { addEngineOptions, addExamples, existing, setAction } from "../../support/options.ts";
import { writeResult } from "../../support/results.ts";
import { describeScore } from "../../support/score.ts";
import { addMetricOption, METRICS, type MetricOptions, metricsAsked } from "./metrics.ts";
import { writeFigure } from "./results.ts";
import {
  addSubjectOptions,
  checkSubject,
  featuresOf,
  openSubject,
  type Subject,
  type SubjectOptions,
} from "./subject.ts";

const WHAT = "evaluate verification";

interface VerificationOptions extends SubjectOptions, Omit<MetricOptions, "model" | "matcher"> {
  readonly pairs: string;
  readonly exclude?: string;
  readonly roc?: string;
  readonly out?: string;
}

export function addVerification(evaluate: Command, io: Io): void {
  const command = evaluate
    .command("verification")
    .summary("one person or two, on a list of pairs")
    .description(
      "Scores pairs in the format of LFW's pairs.txt: each fold is decided by the threshold that is best on the " +
        "others. A file of one fold (pairsDevTest.txt) is dealt to ten at random, which the result says. With " +
        "--exclude the result holds a second number without the pairs of that file; the first stays that of all.",
    )
    .requiredOption("--pairs <file>", "the pairs", existing)
    .option(
      "--exclude <file>",
      "pairs to leave out for a second number, in the format of pairs.txt",
      existing,
    );
  addEngineOptions(addMetricOption(addSubjectOptions(command)))
    .optionsGroup("Output:")
    .option("--out <file>", "write the result as JSON too")
    .option("--roc <file>", "draw the ROC as SVG");
  addExamples(
    command,
    "deepid evaluate verification --model models/whole-face --images lfw.tgz --landmarks landmarks_5pt.txt --pairs pairs.txt --json",
    "deepid evaluate verification --features lfw.safetensors --pairs pairs.txt --metric cosine --roc roc.svg",
    "deepid evaluate verification --features theirs.npy --names theirs.txt --pairs pairs.txt --metric cosine",
  );
  setAction<VerificationOptions>(command, io, async (_, options, output) => {
    const started = io.now();
    for (const path of [options.roc, options.out]) if (path !== undefined) checkWritable(path, "file");
    checkSubject(WHAT, options);
    const metrics = metricsAsked(WHAT, options);
    const pairs = await readPairs(options.pairs);
    const exclusions = options.exclude === undefined ? undefined : await readExclusions(options.exclude);
    const kept = exclusions && excludePairs(pairs, exclusions);
    await using subject = await openSubject(options);
    const wanted = picturesIn(pairs);
    const check = (names: readonly string[]) => void rowsOfPairs(pairs, names);
    const set = await featuresOf(subject, options, { only: wanted, check }, { io, output });
    const among = (list: PairList) => (output.left.length === 0 ? list : pairsAmong(list, set.names));
    const lists = { pairs: among(pairs), kept: kept && among(kept) };
    const pairsLeftOut = pairs.folds.flat().length - lists.pairs.folds.flat().length;
    if (pairsLeftOut > 0) output.note(`${count(pairsLeftOut)} pairs are left out: a picture cannot be used`);
    const { scores, ...score } = scoreLists(metrics, lists, set, { subject, options });
    const seconds = Math.round((io.now() - started) / 100) / 10;
    const data = {
      ...scores[0],
      images: wanted.size,
      seconds,
      ...score,
      ...(pairsLeftOut > 0 && { pairsLeftOut }),
    };
    await writeFigure(options.roc, () =>
      rocFigure(scores.map(({ metric, auc, roc }) => ({ name: metric, auc, ...roc }))),
    );
    await writeResult(
      options.out,
      { kind: "verification", system: subject.system, data: `${basename(options.pairs)}: ${subject.faces}` },
      data,
      io,
    );
    output.result(data, describe(scores, data));
  });
}

/** Scores all pairs and, where some are left out, the rest too. */
function scoreLists(
  metrics: readonly MetricName[],
  { pairs, kept }: { pairs: PairList; kept: PairList | undefined },
  set: FeatureSet,
  { subject, options }: { subject: Subject; options: VerificationOptions },
) {
  const scoresOf = (list: PairList) => {
    const { folds, dealt } = foldsOf(rowsOfPairs(list, set.names));
    return {
      scores: metrics.map((name) => verifyBy(name, METRICS[name](subject.matcher), set, folds)),
      dealt,
    };
  };
  const { scores, dealt } = scoresOf(pairs);
  return {
    scores,
    foldsFrom: dealt ? "the file has one fold: its pairs were dealt to ten at random" : "the file",
    model: subject.model,
    source: { pairs: basename(options.pairs), faces: subject.faces },
    ...(scores.length > 1 ? { metrics: scores } : {}),
    ...(kept && {
      excluding: {
        file: basename(options.exclude!),
        note: "an exclusion list of this project's own, not the correction that the paper speaks of",
        metrics: scoresOf(kept).scores.map(({ roc: _, ...score }) => score),
      },
    }),
  };
}

type Scored = ReturnType<typeof scoreLists>;

function describe(
  scores: Scored["scores"],
  data: Omit<Scored, "scores"> & { images: number; seconds: number },
): string {
  const [{ pairs, folds }] = scores;
  const { excluding, images, seconds } = data;
  const dealt = data.foldsFrom === "the file" ? "" : " dealt at random";
  const second = excluding && [
    `without ${pairs - excluding.metrics[0].pairs} pairs (${excluding.file}):`,
    ...excluding.metrics.map(describeScore),
  ];
  const summary = `${count(pairs)} pairs of ${count(images)} pictures in ${folds.length} folds${dealt}, ${duration(seconds)}`;
  return [...scores.map(describeScore), ...(second ?? []), summary].join("\n");
}
