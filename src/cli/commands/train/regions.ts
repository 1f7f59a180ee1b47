/** The nets of several regions: trained (`train-regions`), chosen (`select-regions`), made one system (`combine`). */
import { basename, resolve } from "node:path";
import type { Command } from "commander";
import { checkWritable, writingTo } from "../../../base/files/index.ts";
import { stageOf } from "../../../base/progress/index.ts";
import { columns, paragraph } from "../../../base/text/index.ts";
import { REGIONS, type Region, regionsNamed } from "../../../faces/face/index.ts";
import {
  describeCombined,
  describeNets,
  describeRegion,
  describeSelection,
  trainRegions,
} from "../../../lab/experiments/index.ts";
import { COMBINE_DEFAULTS, combineModels, readConfig, selectParts } from "../../../nets/train/index.ts";
import { addExamples, setAction } from "../../support/command.ts";
import { addDataOptions, type DataOptions, featureCacheOf, openFaces } from "../../support/faces.ts";
import type { Io } from "../../support/io.ts";
import {
  addMatcherOptions,
  addReleasedOptions,
  type LearnMatcherOptions,
  type ReleasedOptions,
} from "../../support/learnOptions.ts";
import {
  addEngineOptions,
  addTeacherOption,
  countList,
  type EngineOptions,
  existing,
  knownModel,
  wholeNumber,
} from "../../support/options.ts";

interface TrainRegionsOptions extends DataOptions, EngineOptions, ReleasedOptions {
  readonly out: string;
  readonly models: string;
  readonly from?: string;
  readonly only?: readonly Region[];
}

/** `deepid train-regions`: one net for each region of the face, trained and released one after another. */
export function addTrainRegions(program: Command, io: Io): void {
  const command = program
    .command("train-regions")
    .summary("train a net for each region of the face")
    .description(paragraph`
      Trains one net for each of the ${REGIONS.length} regions of the face and makes a model of each. A region
      whose model is there is left alone, one that was stopped resumes from its checkpoint: run the same command
      again to finish, or several side by side with different --only.
    `)
    .argument("<config>", "the run of one region; its net takes each region's size", existing)
    .requiredOption("--out <runs>", "folder of the runs, one inside for each region")
    .requiredOption("--models <folder>", "folder of the models, one inside for each region")
    .option(
      "--from <run>",
      "start each net from the weights of this run or model, as far as they fit, or, in a folder of them, of the region's own",
      knownModel,
    )
    .option("--only <names>", "some regions, like whole-face,nose", (text) => regionsNamed(text.split(",")));
  addReleasedOptions(command);
  addEngineOptions(addDataOptions(command));
  addExamples(
    command,
    "deepid train-regions my.json --from models/whole-face --out runs/regions --models runs/regions-models " +
      "--data celeba --images img_align_celeba.zip --identities identity_CelebA.txt",
    "deepid train-regions my.json --only whole-face,nose --images people/ --landmarks landmarks.txt --out runs/r --models models/r",
  );
  setAction<TrainRegionsOptions>(command, io, async ([configPath], options, output) => {
    const config = await readConfig(configPath);
    for (const folder of [options.out, options.models]) checkWritable(folder, "folder");
    await using open = await openFaces(options, io, output);
    const { out: runs, only: regions, source = open.description } = options;
    const featureCache = featureCacheOf(options, io);
    const how = { ...options, runs, regions, source, featureCache, now: io.now };
    const models = await trainRegions(config, open.faces, how, output);
    output.result(models, columns(models.map((model) => [model.region, describeRegion(model)])));
  });
}

interface CombineOptions extends DataOptions, EngineOptions, LearnMatcherOptions {
  readonly out: string;
  readonly name?: string;
  readonly prefixes: number[];
}

/** `deepid combine`: the models of several regions as one system with one matcher. */
export function addCombine(program: Command, io: Io): void {
  const command = program
    .command("combine")
    .summary("make one system of several models")
    .description(paragraph`
      Concatenates the features of several models and fits one matcher for all of them, on people held out from
      their nets. Takes the same data options as their training. Features are cached, so an interrupted run
      resumes.
    `)
    .argument("<models...>", "model folders, in the order of their features")
    .requiredOption("--out <system>", "folder of the system; models from elsewhere are copied into it")
    .option("--name <text>", "name of the system (default: that of its folder)")
    .option("--prefixes <list>", "also make matchers of only the first so many nets", countList, [
      ...COMBINE_DEFAULTS.prefixes,
    ]);
  addMatcherOptions(addTeacherOption(command), COMBINE_DEFAULTS.components);
  addEngineOptions(addDataOptions(command));
  addExamples(
    command,
    "deepid combine models/regions/whole-face models/regions/nose --out models/two --data celeba " +
      "--images img_align_celeba.zip --identities identity_CelebA.txt",
    "deepid combine models/regions/* --out models/all --images people/ --landmarks landmarks.txt",
  );
  setAction<CombineOptions>(command, io, async (args, options, output) => {
    const models = args.flat(); // one variadic argument
    const { out, name = basename(resolve(out)) } = options;
    checkWritable(out, "folder");
    await using open = await openFaces(options, io, output);
    const card = await writingTo(out, () =>
      combineModels({
        ...options,
        models,
        faces: open.faces,
        name,
        featureCache: featureCacheOf(options, io),
        onMatcher: (code, nets) => output.note(`learning a matcher of ${describeNets({ code, nets })}`),
        ...stageOf(output, "extracting"),
      }),
    );
    output.result({ system: out, card }, describeCombined(out, models.length, card));
  });
}

interface SelectRegionsOptions extends DataOptions, EngineOptions {
  readonly most: number;
}

/** `deepid select-regions`: which of many regions' models make the best system. */
export function addSelectRegions(program: Command, io: Io): void {
  const command = program
    .command("select-regions")
    .summary("choose the regions that make the best system")
    .description(paragraph`
      Forward-backward greedy selection among the models of many regions, by the sum of their log likelihood
      ratios on the validation people, as DeepID2 chose its 25. The ${REGIONS.length} regions of train-regions
      are the default that needs no selection.
    `)
    .argument("<models...>", "model folders to choose from")
    .option("--most <n>", "models wanted at most", wholeNumber(1), REGIONS.length);
  addEngineOptions(addDataOptions(command));
  addExamples(
    command,
    "deepid select-regions models/candidates/* --most 25 --data celeba --images img_align_celeba.zip --identities identity_CelebA.txt",
  );
  setAction<SelectRegionsOptions>(command, io, async (args, options, output) => {
    const models = args.flat(); // one variadic argument
    const { most, provider, threads } = options;
    await using open = await openFaces(options, io, output);
    const chosen = await selectParts({
      models,
      faces: open.faces,
      most,
      provider,
      threads,
      featureCache: featureCacheOf(options, io),
      onProgress: output.stage("extracting"),
      signal: io.interrupt,
    });
    output.result(chosen, describeSelection(chosen));
  });
}
