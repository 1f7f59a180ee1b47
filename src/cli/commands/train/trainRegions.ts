/** `deepid train-regions`: one net for each region of the face, trained and released one after another. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { InputError, Interruption } from "../../../base/errors/index.ts";
import { checkWritable, writingTo } from "../../../base/files/index.ts";
import { columns, duration, formatPercent } from "../../../base/text/index.ts";
import type { AlignedFaces } from "../../../faces/data/index.ts";
import { REGIONS, type Region } from "../../../faces/face/index.ts";
import { startFrom, trainRun } from "../../../lab/experiments/index.ts";
import { readCard } from "../../../nets/models/index.ts";
import type { ModelCard, Precision, Start } from "../../../nets/net/index.ts";
import {
  hasCheckpoint,
  RELEASE_DEFAULTS,
  readConfig,
  releaseRun,
  type Training,
  trainingFor,
} from "../../../nets/train/index.ts";
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
import type { Output, OutputOptions } from "../../support/output.ts";
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
    const context = { ...open, startOf: await startsFrom(options.from, open.faces), options, io, output };
    const rows: RegionState[] = [];
    for (const region of options.only ?? REGIONS) {
      rows.push(await makeRegion(region, trainingFor(region, config), context));
      output.note(describe(rows.at(-1)!));
    }
    output.result(rows, table(rows));
  });
}

interface Context {
  readonly faces: AlignedFaces;
  readonly description: string;
  readonly startOf: StartOf;
  readonly options: TrainRegionsOptions;
  readonly io: Io;
  readonly output: Output;
}

type StartOf = (region: Region) => Promise<Start | undefined>;

/** One start for all regions, or, in a folder of runs or models, each region's own. */
async function startsFrom(from: string | undefined, faces: AlignedFaces): Promise<StartOf> {
  const startable = (folder: string) => hasCheckpoint(folder) || existsSync(join(folder, "model.json"));
  if (from === undefined || startable(from)) {
    const start = await startFrom({ from }, faces);
    return async () => start;
  }
  return ({ name }) => {
    const own = join(from, name);
    if (!startable(own)) throw new InputError(`--from ${from}: no run or model, and none of ${name} in it`);
    return startFrom({ from: own }, faces);
  };
}

interface RegionState {
  readonly region: string;
  readonly model: string;
  /** Of validation people, by Joint Bayesian. */
  readonly accuracy: number;
  readonly steps: number;
  readonly seconds: number;
}

/** Trains and releases the net of one region, as far as that is not done yet. */
async function makeRegion(
  region: Region,
  training: Training,
  { faces, description, startOf, options, io, output }: Context,
): Promise<RegionState> {
  const [folder, model] = [join(options.out, region.name), join(options.models, region.name)];
  if (existsSync(join(model, "model.json"))) return stateOf(region, model, await readCard(model));
  output.note(`${region.name}: ${hasCheckpoint(folder) ? "resuming" : "starting"}`);
  const run = { ...options, folder, resume: true, start: await startOf(region), now: io.now };
  const { finished } = await trainRun(training, faces, run, output);
  if (!finished) {
    throw new Interruption(`stopped in ${region.name}; everything is saved: the same command resumes`);
  }
  const card = await writingTo(model, () =>
    releaseRun({
      runFolder: folder,
      faces,
      out: model,
      name: region.name,
      source: options.source ?? description,
      licence: options.licence,
      precision: options.precision,
      components: options.components,
      trainedPeople: options.trainedPeople,
      directions: options.directions,
      mirrorsAlike: options.mirrorsAlike,
      featureCache: featureCacheOf(options, io),
      provider: options.provider,
      threads: options.threads,
      onProgress: output.stage("extracting"),
      signal: io.interrupt,
    }),
  );
  return stateOf(region, model, card);
}

const stateOf = ({ name }: Region, model: string, { validation, training }: ModelCard): RegionState => ({
  region: name,
  model,
  accuracy: (validation as { accuracy: number }).accuracy,
  steps: training.steps,
  seconds: training.seconds,
});

const describe = ({ region, accuracy, steps, seconds }: RegionState): string =>
  `${region}: ${formatPercent(accuracy)} of validation pairs correct after ${steps} steps in ${duration(seconds)}`;

const table = (rows: readonly RegionState[]): string =>
  columns(rows.map((row) => [row.region, describe(row).slice(row.region.length + 2)]));

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
