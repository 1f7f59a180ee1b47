/** `deepid evaluate verification`: a model on a list of pairs, as LFW's protocol has it. */
import { basename } from "node:path";
import { type Command, Option } from "commander";
import { openLfw, openPeople, type PairsFile, picturesIn, readPairs, rowsOfPairs } from "../../data/index.ts";
import { InputError } from "../../errors/index.ts";
import { type FeatureSet, readFeatures } from "../../features/index.ts";
import { writeFileAtomic } from "../../files/index.ts";
import { cosine, euclidean, hamming, jointBayesian, type PairMetric } from "../../match/index.ts";
import { extractFeatures, type FaceModel, openModel } from "../../net/index.ts";
import type { LabelledPair } from "../../protocols/index.ts";
import { rocFigure } from "../../report/index.ts";
import { describeScore, foldsOf, type MetricName, type NamedVerification, verifyBy } from "../evaluation.ts";
import { openAligned } from "../faces.ts";
import { writingTo } from "../failure.ts";
import type { Io } from "../io.ts";
import {
  addEngineOptions,
  addExamples,
  checkWritable,
  type EngineOptions,
  existing,
  setAction,
} from "../options.ts";
import type { Output, OutputOptions } from "../output.ts";
import { count, duration } from "../wording.ts";

const METRICS: Readonly<Record<MetricName, (model: FaceModel | undefined) => PairMetric>> = {
  "joint-bayesian": (model) => jointBayesian(model!.matcher.matcher),
  cosine: () => cosine,
  euclidean: () => euclidean,
  hamming: () => hamming(),
};
const NAMES = Object.keys(METRICS) as MetricName[];

interface EvaluateOptions extends EngineOptions, OutputOptions {
  readonly model?: string;
  readonly images?: string;
  readonly features?: string;
  readonly pairs: string;
  readonly landmarks?: string;
  readonly aligned?: boolean;
  readonly cache?: string;
  readonly metric: MetricName | "all";
  readonly roc?: string;
  readonly out?: string;
}

export function addEvaluate(program: Command, io: Io): void {
  const evaluate = program.command("evaluate").summary("score a model").description("Scores a model.");
  const command = evaluate
    .command("verification")
    .summary("one person or two, on a list of pairs")
    .description(
      "Scores a model on pairs in the format of LFW's pairs.txt: each fold is decided by the threshold that is best " +
        "on the others. A file of one fold (pairsDevTest.txt) is dealt to ten at random, which the result says.",
    )
    .requiredOption("--pairs <file>", "the pairs", existing)
    .option("--images <path>", "pictures as Name/Name_0001.jpg: folder, zip, tar or tgz", existing)
    .option("--landmarks <file>", "a line for each picture: name, x y of five points", existing)
    .option("--aligned", "the pictures show aligned faces; fit them to the template")
    .option("--features <file>", "features from `deepid extract` in place of pictures", existing)
    .option("--model <folder>", "the model", existing)
    .addOption(
      new Option("--metric <name>", "how faces are compared")
        .choices([...NAMES, "all"])
        .default("joint-bayesian"),
    )
    .option("--cache <folder>", "where aligned faces are kept (default: ~/.cache/deepid2plus)");
  addEngineOptions(command)
    .optionsGroup("Output:")
    .option("--out <file>", "write the result as JSON too")
    .option("--roc <file>", "draw the ROC as SVG");
  addExamples(
    command,
    "deepid evaluate verification --model models/whole-face --images lfw.tgz --landmarks landmarks_5pt.txt --pairs pairs.txt --json",
    "deepid evaluate verification --features lfw.safetensors --pairs pairs.txt --metric cosine --roc roc.svg",
  );
  setAction<EvaluateOptions>(command, io, async (_, options, output) => {
    const started = io.now();
    const names = checkOptions(options);
    const pairs = await readPairs(options.pairs);
    const model = options.model === undefined ? undefined : await openModel(options.model, options);
    try {
      const { set, rows } = await featuresFor(pairs, options, model, { io, output });
      const { folds, dealt } = foldsOf(rows);
      const scores = names.map((name) => verifyBy(name, METRICS[name](model), set, folds));
      const data = {
        ...scores[0],
        images: picturesIn(pairs).size,
        seconds: Math.round((io.now() - started) / 100) / 10,
        foldsFrom: dealt ? "the file has one fold: its pairs were dealt to ten at random" : "the file",
        model: model && { name: model.card.name, feature: model.card.feature, files: model.card.files },
        source: { pairs: basename(options.pairs), faces: basename(options.features ?? options.images!) },
        ...(scores.length > 1 ? { metrics: scores } : {}),
      };
      await writeResults(options, data, scores);
      const summary =
        `${count(data.pairs)} pairs of ${count(data.images)} pictures in ${folds.length} folds` +
        `${dealt ? " dealt at random" : ""}, ${duration(data.seconds)}`;
      output.result(data, [...scores.map(describeScore), summary].join("\n"));
    } finally {
      await model?.release();
    }
  });
}

/** Refuses options that do not go together; returns the metrics asked for. */
function checkOptions({ model, images, features, metric, roc, out }: EvaluateOptions): MetricName[] {
  if ((images === undefined) === (features === undefined)) {
    throw new InputError("evaluate verification: give either --images or --features");
  }
  if (images !== undefined && model === undefined) {
    throw new InputError("evaluate verification: --images needs --model, which turns them into features");
  }
  const names = metric === "all" ? NAMES.filter((name) => model || name !== "joint-bayesian") : [metric];
  if (names.includes("joint-bayesian") && model === undefined) {
    throw new InputError(
      "evaluate verification: --metric joint-bayesian needs --model, which has learned it",
    );
  }
  for (const path of [roc, out]) if (path !== undefined) checkWritable(path, "file");
  return names;
}

/** Features of the pictures that `pairs` name, and the pairs as their rows; what is missing is found before work begins. */
async function featuresFor(
  pairs: PairsFile,
  options: EvaluateOptions,
  model: FaceModel | undefined,
  { io, output }: { io: Io; output: Output },
): Promise<{ set: FeatureSet; rows: LabelledPair[][] }> {
  if (options.features !== undefined) {
    const { set } = await readFeatures(options.features);
    return { set, rows: rowsOfPairs(pairs, set.names) };
  }
  const { images = "", landmarks, aligned } = options;
  const wanted = { images, landmarks, only: picturesIn(pairs) };
  const source = aligned ? await openPeople({ ...wanted, aligned }) : await openLfw(wanted);
  const rows = rowsOfPairs(
    pairs,
    source.pictures.map(({ name }) => name),
  );
  await using open = await openAligned(source, options, io, output);
  const { net, card } = model!;
  const set = await extractFeatures({ net, region: card.region, name: card.feature }, open.faces, {
    onProgress: output.onProgress("extracting"),
    signal: io.interrupt,
  });
  return { set, rows };
}

async function writeResults(
  { out, roc }: EvaluateOptions,
  data: object,
  scores: readonly NamedVerification[],
): Promise<void> {
  if (roc !== undefined) {
    const svg = rocFigure(scores.map(({ metric, auc, roc: curve }) => ({ name: metric, auc, ...curve })));
    await writingTo(roc, () => writeFileAtomic(roc, svg));
  }
  if (out !== undefined) {
    await writingTo(out, () => writeFileAtomic(out, `${JSON.stringify(data, null, 2)}\n`));
  }
}
