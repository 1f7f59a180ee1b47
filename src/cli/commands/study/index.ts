/** `deepid study`: whether what the paper says of its neurons holds for any features. Paper: Sections 5 to 7. */
import type { Command } from "commander";
import { checkWritable } from "../../../base/files/index.ts";
import { paragraph } from "../../../base/text/index.ts";
import { readPairs, rowsOfPairs } from "../../../faces/data/index.ts";
import {
  activationsPart,
  type CompareOptions,
  namedFeatures,
  openStudied,
  type StudyPart,
  selectivityPart,
  sparsityPart,
  type TaskOptions,
  tasksOf,
} from "../../../lab/experiments/index.ts";
import { foldsOf } from "../../../matching/protocols/index.ts";
import { createMultiply } from "../../../math/engine/index.ts";
import { addExamples, setAction } from "../../support/command.ts";
import type { Io } from "../../support/io.ts";
import { existing, gathered, wholeNumber } from "../../support/options.ts";
import type { Output } from "../../support/output.ts";
import { addCompareOptions, addTaskOptions, finish } from "../../support/studyOptions.ts";
import { addStudyAll, addStudyRobustness, addStudySpoiled } from "./robustness.ts";

/** `deepid study`: whether what the paper says of its neurons holds for any features. Paper: Sections 5 to 7. */
export function addStudy(program: Command, io: Io): void {
  const study = program
    .command("study")
    .summary("sparse, selective, robust? what the paper says of its neurons")
    .description("Measures what the paper says of its neurons, on any features, and says whether it holds.");
  addSparsity(study, io);
  addSelectivity(study, io);
  addStudyHistograms(study, io);
  addStudyRobustness(study, io);
  addStudySpoiled(study, io);
  addStudyAll(study, io);
  addExamples(study, "deepid study sparsity features.safetensors");
}

/** Makes `partOf` the action of a command that studies a file of features. */
function setStudy<O extends object>(
  command: Command,
  io: Io,
  partOf: (
    studied: Awaited<ReturnType<typeof openStudied>>,
    options: O,
    output: Output,
  ) => Promise<StudyPart>,
): void {
  command.option("--out <folder>", "write studies.json, figures and a page here");
  setAction<O & { readonly out?: string }>(command, io, async ([path], options, output) => {
    const { out } = options;
    if (out !== undefined) checkWritable(out, "folder");
    const studied = await openStudied(path);
    const part = await partOf(studied, options, output);
    await finish([part], studied.source, { out, output, io, model: studied.model });
  });
}

function addSparsity(study: Command, io: Io): void {
  const command = study
    .command("sparsity")
    .summary("how many neurons fire (Fig. 6)")
    .description(paragraph`
      Counts the neurons that fire for each picture and the pictures for which each neuron fires. With pairs
      also how well binary codes verify when they are forced away from one half.
    `)
    .argument("<features>", "features from `deepid extract`", existing)
    .option("--pairs <file>", "pairs in the format of LFW's pairs.txt", existing);
  addExamples(command, "deepid study sparsity lfw.safetensors --pairs pairs.txt --out runs/sparsity");
  setStudy<{ readonly pairs?: string }>(command, io, async ({ set }, { pairs }) => {
    const folds = pairs ? foldsOf(rowsOfPairs(await readPairs(pairs), set.names)).folds : undefined;
    return sparsityPart(set, { folds });
  });
}

interface SelectivityCommandOptions extends TaskOptions, CompareOptions {
  readonly seed: number;
  readonly together: boolean;
  readonly draw?: string[];
}

function addSelectivity(study: Command, io: Io): void {
  const command = study
    .command("selectivity")
    .summary("what neurons tell: people and attributes (Figs 7 to 11)")
    .description(paragraph`
      Cuts the pictures in two and asks, for each person and attribute, how well the single best feature and all
      together tell it, chosen on one half and judged on the other by balanced accuracy. Attributes are also
      judged on people who were not learned from.
    `)
    .argument("<features>", "features from `deepid extract`", existing);
  addCompareOptions(addTaskOptions(command))
    .option(
      "--draw <name>",
      "draw the neurons of this person or attribute; may be repeated",
      gathered(String),
    )
    .option("--no-together", "leave out all features together, which takes most of the time")
    .option("--seed <n>", "of the halves", wholeNumber(0), 1);
  addExamples(
    command,
    "deepid study selectivity lfw.safetensors --attributes attributes.tsv --out runs/selectivity",
    "deepid study selectivity lfw.safetensors --compare LBP=lfw-lbp.safetensors --compare-dimensions 50,100,400",
  );
  setStudy<SelectivityCommandOptions>(command, io, async ({ set, name }, options, output) => {
    const { seed, together, draw } = options;
    const tasks = await tasksOf(set, options);
    const features = await namedFeatures(name, set, options);
    let bar = output.stage("judging");
    await using engine = createMultiply();
    const { part } = await selectivityPart(features, tasks, {
      seed,
      together,
      drawn: draw,
      multiply: engine.multiply,
      signal: io.interrupt,
      onStage: (stage) => {
        bar = output.stage(stage);
      },
      onProgress: (done, total) => bar(done, total),
    });
    return part;
  });
}

interface HistogramOptions extends TaskOptions {
  readonly seed: number;
}

/** `deepid study histograms`: activations over all pictures, people and attributes. Paper: Section 6.3. */
export function addStudyHistograms(study: Command, io: Io): void {
  const command = study
    .command("histograms")
    .summary("how activations lie (Figs 1, 12 and 13)")
    .description(paragraph`
      Draws the activations of neurons over all pictures, of the neurons that tell a person best over that
      person's, and of those that tell sex and race over each, and says how often they fire.
    `)
    .argument("<features>", "features from `deepid extract`, or of any system", existing);
  addTaskOptions(command).option("--seed <n>", "of the halves and of the neurons drawn", wholeNumber(0), 1);
  addExamples(
    command,
    "deepid study histograms lfw.safetensors --attributes attributes.tsv --out runs/histograms",
    "deepid study histograms lfw.safetensors --attributes attributes.tsv --attribute Smiling --attribute Bald --out runs/histograms",
  );
  setStudy<HistogramOptions>(command, io, async ({ set }, options, output) => {
    const { seed, attribute: asked } = options;
    const tasks = await tasksOf(set, options);
    const onProgress = output.stage("judging neurons");
    return activationsPart(set, tasks, { seed, asked, onProgress, signal: io.interrupt });
  });
}
