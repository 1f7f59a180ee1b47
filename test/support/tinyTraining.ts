/** Training small enough for tests: faces of noise, a net of a few neurons. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSafetensors, writeSafetensors } from "../../src/base/files/index.ts";
import { createRng } from "../../src/base/random/index.ts";
import type { SafeTensor } from "../../src/base/safetensors/index.ts";
import { DEEPID2PLUS } from "../../src/nets/net/index.ts";
import {
  loadCheckpoint,
  type RunOptions,
  readMetrics,
  runTraining,
  type Training,
  type TrainingFaces,
} from "../../src/nets/train/index.ts";

/** 39 × 31 is the smallest size at which every kind of layer has more than one output. */
export const TINY: Training = {
  net: { ...DEEPID2PLUS, channels: 1, height: 39, width: 31, maps: [2, 3, 3, 2], neurons: 4 },
  split: { matching: 0, validation: 0 },
  steps: 6,
  pairs: 3,
  learningRate: { peak: 0.05, warmup: 2 },
  momentum: 0.9,
  weightDecay: 0.01,
  lambda: { weight: 0.05, after: 2 },
  margin: { pairs: 8, every: 2 },
  augmentation: { shift: 1, mirror: true, light: 0.1 },
  evaluateEvery: 100,
  checkpointSeconds: 3600,
  seed: 1,
};

/** One that is killed: it checkpoints every other step or so, as fast as this net is. */
export const KILLED: Training = { ...TINY, steps: 60, evaluateEvery: 1, checkpointSeconds: 0.01 };

/** Crops of noise: `pictures` of each of `people`; and of a teacher, where `training` has one, noise of 3 numbers a picture. */
export function noiseFaces(
  { net, augmentation, teacher }: Training = TINY,
  { people = 4, pictures = 3 } = {},
): TrainingFaces {
  const margin = augmentation.shift;
  const count = people * pictures;
  const size = (net.height + 2 * margin) * (net.width + 2 * margin) * net.channels;
  const rng = createRng(99);
  const crops = Uint8Array.from({ length: count * size }, () => rng.integer(256));
  const values = Float32Array.from({ length: 3 * count }, () => 2 * rng.uniform() - 1);
  return {
    crops,
    margin,
    identities: Int32Array.from({ length: count }, (_, row) => Math.floor(row / pictures)),
    people,
    taught: teacher && { values, width: 3, key: "noise" },
  };
}

export const newRunFolder = (): Promise<string> => mkdtemp(join(tmpdir(), "deepid-run-"));
export const checkpointIn = (folder: string): string => join(folder, "checkpoint.safetensors");

/** A clock that goes on by a second at each look. */
function clock(): () => number {
  let looks = 0;
  return () => 1000 * looks++;
}

/** Trains on noise, from the folder's checkpoint if there is one. */
export const trainTiny = (folder: string, training: Training = TINY, options: Partial<RunOptions> = {}) =>
  runTraining(training, noiseFaces(training), {
    folder,
    facesKey: "noise",
    threads: 1,
    resume: true,
    now: clock(),
    ...options,
  });

/** Everything that a run leaves behind, without its times. */
export async function remainsOf(folder: string) {
  const { seconds: _, state, ...checkpoint } = await loadCheckpoint(folder);
  const metrics = (await readMetrics(folder)).map(({ seconds: _, imagesPerSecond: __, ...rest }) => rest);
  return { ...checkpoint, state: state.values, metrics };
}

/** Writes the checkpoint of `folder` again with other tensors or another "run" entry. */
export async function rewriteCheckpoint(
  folder: string,
  change: (tensors: Record<string, SafeTensor>, run: Record<string, unknown>) => void,
): Promise<void> {
  const { tensors, metadata } = await readSafetensors(checkpointIn(folder));
  const [copy, run] = [{ ...tensors }, JSON.parse(metadata.run) as Record<string, unknown>];
  change(copy, run);
  await writeSafetensors(checkpointIn(folder), copy, { run: JSON.stringify(run) });
}
