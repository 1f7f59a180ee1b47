/** `deepid fit-cohort`: makes a model's scores mean the same for people of every kind. */
import type { Command } from "commander";
import { checkWritable, writingTo } from "../../../base/files/index.ts";
import { count } from "../../../base/text/index.ts";
import { readFeatures } from "../../../matching/files/index.ts";
import { COHORT_DEFAULTS } from "../../../matching/match/index.ts";
import { createMultiply } from "../../../math/engine/index.ts";
import { fitModelCohort } from "../../../nets/train/index.ts";
import type { Io } from "../../support/io.ts";
import {
  addEngineOptions,
  addExamples,
  type EngineOptions,
  existing,
  setAction,
  share,
  wholeNumber,
} from "../../support/options.ts";
import type { OutputOptions } from "../../support/output.ts";

interface FitCohortOptions extends EngineOptions, OutputOptions {
  readonly people: string;
  readonly validation: string;
  readonly strangers: string;
  readonly centroids: number;
  readonly nearest: number;
  readonly strangersWeigh: number;
  readonly seed: number;
}

export function addFitCohort(program: Command, io: Io): void {
  const command = program
    .command("fit-cohort")
    .summary("make a model's scores fair to people of every kind")
    .description(
      "A net confuses people of a kind that it saw little of, and one threshold lets more of their strangers pass. This gives " +
        "a model's matcher a cohort: centroids of many people of all kinds, against whom every face is compared, too. A " +
        "face that is like many of them needs a higher score. The centroids are means of three people or more.",
    )
    .argument("<model>", "the model's folder, whose matcher gets the cohort", existing)
    .requiredOption("--people <file>", "features of the people that taught the matcher", existing)
    .requiredOption("--validation <file>", "features of other people, to calibrate on", existing)
    .requiredOption(
      "--strangers <file>",
      "features of people of all kinds, each picture another person; what the file calls people are kinds",
      existing,
    );
  addCohortOptions(command);
  addEngineOptions(command);
  addExamples(
    command,
    "deepid extract --model models/mine --images kinds/ --landmarks landmarks.txt --out kinds.safetensors",
    "deepid fit-cohort models/mine --people matching.safetensors --validation validation.safetensors --strangers kinds.safetensors",
  );
  setAction<FitCohortOptions>(command, io, async ([folder], options, output) => {
    checkWritable(folder, "folder");
    const { people, validation, strangers, centroids, nearest, strangersWeigh, seed } = options;
    const setIn = async (path: string) => (await readFeatures(path)).set;
    const features = {
      people: await setIn(people),
      validation: await setIn(validation),
      strangers: await setIn(strangers),
    };
    await using engine = createMultiply(options);
    const { multiply } = engine;
    const how = { centroids, nearest, strangersWeigh, seed, multiply };
    const cohort = await writingTo(folder, () => fitModelCohort(folder, features, how));
    output.result(
      { model: folder, cohort },
      `${folder} compares each face with ${count(cohort.centroids)} centroids of ${count(cohort.people)} people and ` +
        `${count(cohort.strangers)} strangers, too`,
    );
  });
}

function addCohortOptions(command: Command): void {
  command
    .option("--centroids <n>", "of people, and of strangers", wholeNumber(1), COHORT_DEFAULTS.centroids)
    .option(
      "--nearest <n>",
      "how many centroids make a face's statistics",
      wholeNumber(2),
      COHORT_DEFAULTS.nearest,
    )
    .option(
      "--strangers-weigh <share>",
      "what pairs of strangers of one kind weigh among pairs of two people",
      share,
      COHORT_DEFAULTS.strangersWeigh,
    )
    .option("--seed <n>", "of clusters and pairs", wholeNumber(0), 1);
}
