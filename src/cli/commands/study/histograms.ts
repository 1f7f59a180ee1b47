/** `deepid study histograms`: activations over all pictures, people and attributes. Paper: Section 6.3. */

import type { Command } from "commander";
import { checkWritable } from "../../../base/files/index.ts";
import { activationsPart, openStudied, type TaskOptions, tasksOf } from "../../../lab/experiments/index.ts";
import { finish } from "../../support/finishStudy.ts";
import type { Io } from "../../support/io.ts";
import { addExamples, existing, setAction, wholeNumber } from "../../support/options.ts";
import type { OutputOptions } from "../../support/output.ts";
import { addTaskOptions } from "../../support/studyOptions.ts";

interface HistogramOptions extends TaskOptions, OutputOptions {
  readonly seed: number;
  readonly out?: string;
}

export function addStudyHistograms(study: Command, io: Io): void {
  const command = study
    .command("histograms")
    .summary("how activations lie (Figs 1, 12 and 13)")
    .description(
      "Draws the activations of neurons over all pictures, of the neurons that tell a person best over that person's, and " +
        "of those that tell sex and race over each, and says how often they fire.",
    )
    .argument("<features>", "features from `deepid extract`, or of any system", existing);
  addTaskOptions(command)
    .option("--seed <n>", "of the halves and of the neurons drawn", wholeNumber(0), 1)
    .option("--out <folder>", "write studies.json, figures and a page here");
  addExamples(
    command,
    "deepid study histograms lfw.safetensors --attributes attributes.tsv --out runs/histograms",
    "deepid study histograms lfw.safetensors --attributes attributes.tsv --attribute Smiling --attribute Bald --out runs/histograms",
  );
  setAction<HistogramOptions>(command, io, async ([path], options, output) => {
    const { out, seed } = options;
    if (out !== undefined) checkWritable(out, "folder");
    const { set, source, model } = await openStudied(path);
    const tasks = await tasksOf(set, options);
    const onProgress = output.stage("judging neurons");
    const part = await activationsPart(set, tasks, {
      seed,
      asked: options.attribute,
      onProgress,
      signal: io.interrupt,
    });
    await finish([part], source, { out, output, io, model });
  });
}
