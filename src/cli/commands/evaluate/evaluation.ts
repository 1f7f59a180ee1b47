/** What all evaluations share: what is scored and by which metric, and where the result and its figure go. */
import { type Command, Option } from "commander";
import { checkWritable, writeFileAtomic, writingTo } from "../../../base/files/index.ts";
import { stageOf } from "../../../base/progress/index.ts";
import { duration } from "../../../base/text/index.ts";
import {
  checkSubject,
  featuresOf,
  metricsAsked,
  openSubject,
  type Prepared,
  type SubjectChoice,
} from "../../../lab/experiments/index.ts";
import { type ResultKind, writeResult } from "../../../lab/results/index.ts";
import { METRIC_NAMES, type MetricName } from "../../../matching/protocols/index.ts";
import { addExamples, setAction } from "../../support/command.ts";
import { openCached } from "../../support/faces.ts";
import type { Io } from "../../support/io.ts";
import { addEngineOptions, existing, knownModel } from "../../support/options.ts";
import { madeNow } from "../../support/results.ts";

/** Options of every evaluation. */
export interface EvaluationOptions extends SubjectChoice {
  /** Left out where the evaluation has no choice of it. */
  readonly metric?: MetricName | "all";
  readonly cache?: string;
  readonly out?: string;
  readonly roc?: string;
  readonly figure?: string;
}

export interface EvaluationCommand<O extends EvaluationOptions> {
  readonly name: ResultKind;
  readonly summary: string;
  readonly description: string;
  readonly examples: readonly string[];
  /** Which metrics --metric takes (default: one of them). */
  readonly metrics?: "one" | "several" | "none";
  /** The option for a figure, and what it draws. */
  readonly figure?: readonly [option: "--roc <file>" | "--figure <file>", draws: string];
  /** What the lists are that --lists writes; left out: there is no such option. */
  readonly lists?: string;
  options(command: Command): void;
  /** Reads the files that `options` name; `metrics` is of length one unless several may be asked for. */
  prepare(options: O, metrics: readonly MetricName[]): Promise<Prepared>;
}

/** Adds `deepid evaluate NAME`. */
export function addEvaluation<O extends EvaluationOptions & { lists?: string }>(
  evaluate: Command,
  io: Io,
  about: EvaluationCommand<O>,
): void {
  const { name, metrics = "one", figure, lists } = about;
  const command = evaluate.command(name).summary(about.summary).description(about.description);
  about.options(command);
  addSubjectOptions(command);
  if (metrics !== "none") addMetricOption(command, metrics === "several");
  addEngineOptions(command).optionsGroup("Output:");
  if (lists) command.option("--lists <folder>", lists);
  command.option("--out <file>", "write the result as JSON too");
  if (figure) command.option(...figure);
  addExamples(command, ...about.examples);
  setAction<O>(command, io, async (_, options, output) => {
    const started = io.now();
    const { roc, figure: path = roc, out } = options;
    for (const file of [path, out]) if (file !== undefined) checkWritable(file, "file");
    if (options.lists !== undefined) checkWritable(options.lists, "folder");
    const what = `evaluate ${name}`;
    checkSubject(what, options);
    const { source, wants, evaluate: run } = await about.prepare(options, metricsAsked(what, options));
    await using subject = await openSubject(options);
    const { set, measured } = await featuresOf(
      subject,
      options,
      { ...wants, align: (faces) => openCached(faces, options, io, output) },
      () => stageOf(output, "extracting"),
    );
    const found = await run({ ...subject, set }, output);
    const seconds = Math.round((io.now() - started) / 100) / 10;
    const { model, faces } = subject;
    const data = { ...found.data, seconds, model, source: { ...source, faces } };
    if (path !== undefined) await writingTo(path, () => writeFileAtomic(path, found.figure!()));
    const measuredOn = [...Object.values(source), faces].join(": ");
    await writeResult(out, { kind: name, model: measured, data: measuredOn, ...madeNow(io) }, data);
    output.result(data, `${found.text}, ${duration(seconds)}`);
  });
}

const addSubjectOptions = (command: Command): Command =>
  command
    .optionsGroup("What is scored:")
    .option("--images <path>", "pictures as Name/Name_0001.jpg: folder, zip, tar or tgz", existing)
    .option("--landmarks <file>", "a line for each picture: name, x y of five points", existing)
    .option("--aligned", "the pictures show aligned faces; fit them to the template")
    .option("--cache <folder>", "where aligned faces are kept (default: ~/.cache/deepid2plus)")
    .option(
      "--features <file>",
      "in place of pictures: features as .safetensors, .npy, .csv or .tsv",
      existing,
    )
    .option(
      "--names <file>",
      "names of the features' rows, for .npy and other programs' .safetensors",
      existing,
    )
    .option("--model <model>", "the model, or the system of several", knownModel)
    .option("--matcher <file>", "in place of the model's: a matcher from `deepid fit-matcher`", existing)
    .option("--trained-on <file>", "people it has learned from, one a line; none may be tested on", existing);

const addMetricOption = (command: Command, several: boolean): Command =>
  command.addOption(
    new Option("--metric <name>", "how faces are compared")
      .choices(several ? [...METRIC_NAMES, "all"] : METRIC_NAMES)
      .default("joint-bayesian"),
  );
