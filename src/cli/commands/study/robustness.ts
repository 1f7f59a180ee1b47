/** `deepid study robustness`: verification of spoiled faces. Paper: Section 7, Figs 14 to 17. */

import type { Command } from "commander";
import { checkWritable, writingTo } from "../../../base/files/index.ts";
import { readPairs } from "../../../faces/data/index.ts";
import {
  measureLevels,
  openSources,
  partOfPlan,
  plannedCorruptions,
  type SourceOptions,
  studiedFaces,
} from "../../../lab/experiments/index.ts";
import { releasedModel } from "../../../lab/results/index.ts";
import { addDataOptions, type DataOptions, openFaces } from "../../support/faces.ts";
import { finish } from "../../support/finishStudy.ts";
import type { Io } from "../../support/io.ts";
import { addEngineOptions, addExamples, setAction } from "../../support/options.ts";
import type { OutputOptions } from "../../support/output.ts";
import {
  addCorruptionOptions,
  addPairOptions,
  addSourceOptions,
  type CorruptionOptions,
  type PairOptions,
} from "../../support/studyOptions.ts";

interface RobustnessOptions
  extends DataOptions,
    SourceOptions,
    PairOptions,
    CorruptionOptions,
    OutputOptions {
  readonly keepFeatures?: boolean;
  readonly out: string;
}

export function addStudyRobustness(study: Command, io: Io): void {
  const command = study
    .command("robustness")
    .summary("covered and spoiled faces (Figs 14 to 17)")
    .description(
      "Verifies pairs of which both faces are spoiled, by the taps of a net, by systems of several nets and by LBP, with " +
        "matchers learned on clean faces only. Each level is kept in the output folder; started again, the study resumes.",
    );
  addSourceOptions(command);
  addDataOptions(command);
  addPairOptions(command);
  addCorruptionOptions(command);
  addEngineOptions(command)
    .optionsGroup("Output:")
    .requiredOption("--out <folder>", "where levels, figures and the page go")
    .option("--keep-features", "keep the features of every level too, not of clean faces alone");
  addExamples(
    command,
    "deepid study robustness --model models/whole-face --data lfw --images lfw.tgz --landmarks landmarks.txt --pairs pairs.txt --out runs/robustness",
    "deepid study robustness --model models/whole-face --data synthetic --people 60 --corruption block:30,60 --out runs/blocks",
  );
  setAction<RobustnessOptions>(command, io, async (_, options, output) => {
    const { out, seed, keepFeatures = false, asMeasured } = options;
    checkWritable(out, "folder");
    const corruptions = await plannedCorruptions(options.corruption, options.occluders);
    const pairs = options.pairs === undefined ? undefined : await readPairs(options.pairs);
    await using open = await openFaces(options, io, output);
    const studied = studiedFaces(open.faces, pairs, options);
    const sources = await openSources(options);
    try {
      const plan = { ...studied, sources, corruptions, seed, keepFeatures, asMeasured, folder: out };
      const levels = await writingTo(out, () => measureLevels(plan, output));
      const part = await partOfPlan(plan, levels);
      const features = sources.flatMap(({ systems }) => systems.map(({ name }) => name)).join(", ");
      const source = {
        features: `${sources[0].name} (${features}), ${open.description}`,
        pictures: plan.faces.count,
        people: new Set(plan.faces.identities).size,
      };
      await finish([part], source, { out, output, io, model: await releasedModel(options.model) });
    } finally {
      await Promise.all(sources.map((source) => source.release()));
    }
  });
}
