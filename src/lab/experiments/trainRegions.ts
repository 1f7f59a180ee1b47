/** One net for each region of the face, trained and released one after another. Paper: Section 4. */
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { InputError, Interruption } from "../../base/errors/index.ts";
import { writingTo } from "../../base/files/index.ts";
import { type StagedProgress, stageOf } from "../../base/progress/index.ts";
import { columns, count, duration, formatPercent } from "../../base/text/index.ts";
import type { AlignedFaces } from "../../faces/data/index.ts";
import { REGIONS, type Region } from "../../faces/face/index.ts";
import { readCard } from "../../nets/models/index.ts";
import type { ModelCard, Start, SystemCard } from "../../nets/net/index.ts";
import {
  hasCheckpoint,
  type ReleaseOptions,
  releaseRun,
  type selectParts,
  type Training,
  trainingFor,
} from "../../nets/train/index.ts";
import { startFrom, type TrainRunOptions, trainRun } from "./trainRun.ts";

type Released = Omit<ReleaseOptions, "runFolder" | "faces" | "out" | "name" | "onProgress" | "signal">;
type Trained = Pick<TrainRunOptions, "teacher" | "now">;

export interface TrainRegionsOptions extends Released, Trained {
  /** Folder of the runs, one inside for each region. */
  readonly runs: string;
  /** Folder of the models, one inside for each region. */
  readonly models: string;
  /** A run or model that all nets start from, or a folder of them, of which each takes its region's own. */
  readonly from?: string;
  /** Default: all. */
  readonly regions?: readonly Region[];
}

export interface RegionModel {
  readonly region: string;
  /** Folder. */
  readonly model: string;
  /** Of validation people, by Joint Bayesian. */
  readonly accuracy: number;
  readonly steps: number;
  readonly seconds: number;
}

/**
 * Trains and releases a net for each region, as far as that is not done yet: a region whose model is there is left
 * alone, one that was stopped resumes from its checkpoint. `training` is the run of one region; its net takes each
 * region's size. Interruption when stopped.
 */
export async function trainRegions(
  training: Training,
  faces: AlignedFaces,
  options: TrainRegionsOptions,
  progress: StagedProgress = {},
): Promise<RegionModel[]> {
  const startOf = await startsFrom(options.from, faces);
  const models: RegionModel[] = [];
  for (const region of options.regions ?? REGIONS) {
    const card = await makeRegion(region, trainingFor(region, training), {
      faces,
      startOf,
      options,
      progress,
    });
    const { accuracy } = card.validation as { accuracy: number };
    const { steps, seconds } = card.training;
    const model = join(options.models, region.name);
    models.push({ region: region.name, model, accuracy, steps, seconds });
    progress.note?.(`${region.name}: ${describeRegion(models.at(-1)!)}`);
  }
  return models;
}

/** How good one is, in words. */
export const describeRegion = ({ accuracy, steps, seconds }: RegionModel): string =>
  `${formatPercent(accuracy)} of validation pairs correct after ${steps} steps in ${duration(seconds)}`;

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

interface Making {
  readonly faces: AlignedFaces;
  readonly startOf: StartOf;
  readonly options: TrainRegionsOptions;
  readonly progress: StagedProgress;
}

async function makeRegion(
  region: Region,
  training: Training,
  { faces, startOf, options, progress }: Making,
): Promise<ModelCard> {
  const [folder, out] = [join(options.runs, region.name), join(options.models, region.name)];
  if (existsSync(join(out, "model.json"))) return readCard(out);
  progress.note?.(`${region.name}: ${hasCheckpoint(folder) ? "resuming" : "starting"}`);
  const run = { ...options, folder, resume: true, start: await startOf(region) };
  const { finished } = await trainRun(training, faces, run, progress);
  if (!finished) {
    throw new Interruption(`stopped in ${region.name}; everything is saved: the same command resumes`);
  }
  // The teacher's features need only be of the people who train; the matcher of all nets together may be fitted by it.
  const own = { ...options, teacher: undefined };
  const release = { ...own, ...stageOf(progress, "extracting"), runFolder: folder, faces, out };
  return writingTo(out, () => releaseRun({ ...release, name: region.name }));
}

/** "25 nets", "1 net, bits": what a matcher of a system compares. */
export const describeNets = ({ code, nets }: { readonly code: string; readonly nets: number }): string =>
  `${nets} ${nets === 1 ? "net" : "nets"}${code === "binary" ? ", bits" : ""}`;

/** Each matcher's accuracy on validation people, a line each, and what was written. */
export function describeCombined(out: string, nets: number, card: SystemCard): string {
  const { accuracy } = card.validation as { accuracy: number };
  const all = { code: "real", nets, accuracy, ...card.matching };
  const rows = [...(card.variants ?? []), all].map(
    (row) => [describeNets(row), `${formatPercent(row.accuracy)}, ${row.components} components`] as const,
  );
  return [
    columns(rows),
    `${out} holds the system ${card.name}: ${count(nets)} nets, ${card.matching.components} components, ` +
      `${formatPercent(accuracy)} of validation pairs correct`,
  ].join("\n");
}

/** The steps of a selection, and what was chosen. */
export function describeSelection({ steps, selection }: Awaited<ReturnType<typeof selectParts>>): string {
  const name = (model: string) => basename(resolve(model));
  const rows = steps.map(
    ({ change, model, score }) => [`${change} ${name(model)}`, formatPercent(score)] as const,
  );
  return `${columns(rows)}\nchosen: ${selection.map(name).join(", ")}`;
}
