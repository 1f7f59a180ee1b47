/** `deepid train-regions`: one net for each region of the face, trained and released one after another. */

import type { Command } from "commander";
import { InputError } from "../../../base/errors/index.ts";
import { checkWritable } from "../../../base/files/index.ts";
import { columns } from "../../../base/text/index.ts";
import { REGIONS, type Region } from "../../../faces/face/index.ts";
import { describeRegion, trainRegions } from "../../../lab/experiments/index.ts";
import type { Precision } from "../../../nets/net/index.ts";
import { RELEASE_DEFAULTS, readConfig } from "../../../nets/train/index.ts";
import { addDataOptions, type DataOptions, featureCacheOf, openFaces } from "../../support/faces.ts";
import type { Io } from "../../support/io.ts";
import { addMatcherOptions, type LearnMatcherOptions } from "../../support/matcherOptions.ts";
import {
  addEngineOptions,
  addExamples,
  addTeacherOption,
  type EngineOptions,
  existing,
  knownModel,
  setAction,
} from "../../support/options.ts";
import type { OutputOptions } from "../../support/output.ts";
import { precisionOption } from "../../support/precision.ts";

interface TrainRegionsOptions extends DataOptions, EngineOptions, LearnMatcherOptions, OutputOptions {
  readonly out: string;
  readonly models: string;
  readonly from?: string;
  readonly teacher?: string;
  readonly only?: readonly Region[];
  readonly source?: string;
  readonly licence: string;
  readonly precision: Precision;
}

export function addTrainRegions(program: Command, io: Io): void {
  const command = program
    .command("train-regions")
    .summary("train a net for each region of the face")
    .description(
      `Trains one net for each of the ${REGIONS.length} regions of the face and makes a model of each. A region whose ` +
        "model is there is left alone, one that was stopped resumes from its checkpoint: run the same command again " +
        "to finish, or several side by side with different --only.",
    )
    .argument("<config>", "the run of one region; its net takes each region's size", existing)
    .requiredOption("--out <runs>", "folder of the runs, one inside for each region")
    .requiredOption("--models <folder>", "folder of the models, one inside for each region")
    .option(
      "--from <run>",
      "start each net from the weights of this run or model, as far as they fit, or, in a folder of them, of the region's own",
      knownModel,
    )
    .option("--only <names>", "some regions, like whole-face,nose", regionList)
    .option("--source <text>", "where the faces come from (default: the data options)")
    .option("--licence <text>", "terms of use of the models", "not stated")
    .addOption(precisionOption());
  addMatcherOptions(command, RELEASE_DEFAULTS.components);
  addEngineOptions(addDataOptions(addTeacherOption(command)));
  addExamples(
    command,
    "deepid train-regions configs/regions.ts --from models/whole-face --out runs/regions --models runs/regions-models " +
      "--data celeba --images img_align_celeba.zip --identities identity_CelebA.txt",
    "deepid train-regions configs/regions-2.ts --from runs/regions --out runs/regions-2 --models runs/regions-2-models " +
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

/** Names of regions as "whole-face,nose". */
function regionList(text: string): Region[] {
  return text.split(",").map((name) => {
    const found = REGIONS.find((region) => region.name === name);
    if (found) return found;
    throw new InputError(
      `--only: no region ${name}; there are ${REGIONS.map((region) => region.name).join(", ")}`,
    );
  });
}
