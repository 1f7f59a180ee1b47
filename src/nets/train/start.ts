/** Another run, or a released model, as a place to start from. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../base/errors/index.ts";
import { FILE_LIMITS, readForeign } from "../../base/files/index.ts";
import { type AlignedFaces, loadRegion } from "../../faces/data/index.ts";
import { readCard, releasedWeights, unfoldWeights } from "../models/index.ts";
import type { Start } from "../net/index.ts";
import { loadCheckpoint } from "./checkpoint.ts";
import { parseTraining, type Training } from "./config.ts";
import { isFrozen, stepConfig } from "./stepConfig.ts";

/** Faces on which the statistics of a released net are measured, if there are so many. */
const MEASURED = 4096;

/**
 * What the run or model in `folder` has learned; `name` is what model cards will say. A released model has no
 * classifiers any more, and had its batch normalisation folded into its weights: that is put back, measured on `faces`.
 */
export async function openStart(folder: string, name: string, faces: AlignedFaces): Promise<Start> {
  return existsSync(join(folder, "model.json"))
    ? startOfModel(folder, name, faces)
    : startOfRun(folder, name);
}

/** The net and classifiers of the run in `folder` as they stand. */
export async function startOfRun(folder: string, name: string): Promise<Start> {
  const { training, state, step, startedFrom, facesKey } = await loadCheckpoint(folder);
  return {
    name: describeStart(name, step, startedFrom),
    config: training.net,
    weights: state.weights,
    facesKey,
  };
}

async function startOfModel(folder: string, name: string, faces: AlignedFaces): Promise<Start> {
  const { region, training: learned, net: released } = await readCard(folder);
  const training = parseTraining(learned.config, join(folder, "model.json"));
  const taps = (released as { taps?: number[] } | undefined)?.taps ?? [];
  const config = { ...training.net, taps, normalisation: "none" as const };
  const path = join(folder, "net.onnx");
  const weights = releasedWeights(await readForeign(path, FILE_LIMITS.net), config, path);
  const about = {
    name: describeStart(name, learned.steps, learned.startedFrom as string | undefined),
    facesKey: learned.facesKey as string | undefined,
  };
  if (training.net.normalisation === "none") return { ...about, config, weights };
  if (faces.count < 2)
    throw new InputError(`${name}: needs faces to measure its statistics on, got ${faces.count}`);
  const stride = Math.max(1, Math.floor(faces.count / MEASURED));
  const rows = Array.from({ length: Math.min(MEASURED, faces.count) }, (_, i) => i * stride);
  const crops = await loadRegion(faces, rows, region, 0);
  return { ...about, ...(await unfoldWeights(config, weights, crops)) };
}

/** What the run `training` takes of `start`. */
export function adopted(start: Start, training: Training): Start {
  if (training.adopt !== "frozen") return start;
  const config = stepConfig(training, 0);
  const weights = Object.entries(start.weights).filter(([name]) => isFrozen(config, name));
  const name = `the first ${training.frozen} convolutions of ${start.name}`;
  return { ...start, name, weights: Object.fromEntries(weights) };
}

const describeStart = (name: string, steps: number, before: string | undefined): string =>
  `${name} (${steps} steps${before === undefined ? "" : `, itself from ${before}`})`;
