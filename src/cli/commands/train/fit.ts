/** What is learned without a net: components of LBP (`fit-lbp`), and the cohort of a matcher (`fit-cohort`). */
import type { Command } from "commander";
import { checkWritable, writingTo } from "../../../base/files/index.ts";
import { count, duration, paragraph } from "../../../base/text/index.ts";
import { fitLbp, writeLbpComponents } from "../../../faces/lbp/index.ts";
import { describeComponents } from "../../../lab/experiments/index.ts";
import { readFeatures } from "../../../matching/files/index.ts";
import { COHORT_DEFAULTS } from "../../../matching/match/index.ts";
import { createMultiply } from "../../../math/engine/index.ts";
import { facesOfPart, fitModelCohort, type PartChoice } from "../../../nets/train/index.ts";
import { addExamples, setAction } from "../../support/command.ts";
import { addDataOptions, type DataOptions, openFaces } from "../../support/faces.ts";
import type { Io } from "../../support/io.ts";
import { addPartOptions } from "../../support/learnOptions.ts";
import { addEngineOptions, type EngineOptions, existing, share, wholeNumber } from "../../support/options.ts";

interface FitLbpOptions extends DataOptions, PartChoice, EngineOptions {
  readonly out: string;
  readonly components: number;
  readonly seed: number;
}

/** `deepid fit-lbp`: principal components of high-dimensional LBP, the paper's baseline (Sections 6 and 7). */
export function addFitLbp(program: Command, io: Io): void {
  const command = program
    .command("fit-lbp")
    .summary("principal components of LBP, the baseline")
    .description(paragraph`
      Describes pictures by high-dimensional LBP (21 template points x 5 scales x 16 cells x 59 patterns =
      99,120 numbers a face) and fits principal components, along which \`deepid extract --lbp\` then makes
      features. Holds 99 kB a face in memory, and 1.2 MB a component.
    `)
    .requiredOption("--out <file>", "where the components go, a .safetensors file")
    .option("--components <n>", "how many", wholeNumber(1), 400)
    .option("--seed <n>", "of the randomised method", wholeNumber(0), 1);
  addEngineOptions(addPartOptions(addDataOptions(command)));
  addExamples(
    command,
    "deepid fit-lbp --data celeba --images img_align_celeba.zip --identities identity_CelebA.txt " +
      "--split my.json --part matching --out lbp.safetensors",
    "deepid fit-lbp --data synthetic --people 60 --components 50 --out lbp.safetensors",
  );
  setAction<FitLbpOptions>(command, io, async (_, options, output) => {
    const { out, components, seed } = options;
    checkWritable(out, "file");
    const started = io.now();
    await using open = await openFaces(options, io, output);
    const { faces, description } = await facesOfPart(open, options);
    await using engine = createMultiply(options);
    const pca = await fitLbp(faces, { components, seed, multiply: engine.multiply }, output);
    await writingTo(out, () => writeLbpComponents(out, { pca, source: description }));
    const seconds = Math.round((io.now() - started) / 1000);
    const learned = describeComponents(pca, faces);
    const data = { out, ...learned.data, faces: description, seconds };
    output.result(data, `${out} holds ${learned.text}, ${duration(seconds)}`);
  });
}

interface FitCohortOptions extends EngineOptions {
  readonly people: string;
  readonly validation: string;
  readonly strangers: string;
  readonly centroids: number;
  readonly nearest: number;
  readonly strangersWeigh: number;
  readonly seed: number;
}

/** `deepid fit-cohort`: makes a model's scores mean the same for people of every kind. */
export function addFitCohort(program: Command, io: Io): void {
  const command = program
    .command("fit-cohort")
    .summary("make error rates of a model more alike across groups of people")
    .description(paragraph`
      A net confuses people of groups that it was trained on little, so that one threshold accepts more of their
      strangers. This adds a cohort to a model's matcher: centroids of many people of all groups, with which every
      face is also compared. A face that resembles many of them needs a higher score. Each centroid is a mean of
      three people or more.
    `)
    .argument("<model>", "the folder of a model or a system, whose matcher gets the cohort", existing)
    .requiredOption("--people <file>", "features of the people the matcher was fitted on", existing)
    .requiredOption(
      "--strangers <file>",
      "features of people of all kinds, each picture another person; what the file calls people are kinds",
      existing,
    )
    .requiredOption("--validation <file>", "features of other people, to calibrate on", existing);
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
