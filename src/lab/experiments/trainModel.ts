/** From a folder of people to a model, in one call: faces found and aligned, a net trained, a model made of it and compared. */
import { basename, join, resolve } from "node:path";
import { Interruption } from "../../base/errors/index.ts";
import { writeFileAtomic } from "../../base/files/index.ts";
import type { StagedProgress } from "../../base/progress/index.ts";
import {
  type AlignedFaces,
  type OpenFaces,
  openAligned,
  openPeople,
  type PassedOver,
} from "../../faces/data/index.ts";
import type { SessionOptions } from "../../math/session/index.ts";
import { modelFolder } from "../../nets/models/index.ts";
import type { ModelCard } from "../../nets/net/index.ts";
import {
  type Compared,
  compareWithReleased,
  hasCheckpoint,
  parseTraining,
  readConfig,
  releaseRun,
  type TrainingConfig,
} from "../../nets/train/index.ts";
import { openFinder } from "../../people/recognizer/index.ts";
import { startFrom, trainRun } from "./trainRun.ts";

export interface TrainOptions extends SessionOptions, StagedProgress {
  /** A folder or archive (zip, tar, tgz) of people, `person/photo.jpg`, whose faces are found; or aligned faces that are open. */
  readonly faces: string | AlignedFaces;
  /** Folder of the model that is made. */
  readonly out: string;
  /** Folder of the run (default: `out` with "-run" behind it). One that holds a checkpoint is continued. */
  readonly run?: string;
  /** A model, by name or folder, or the folder of another run, whose weights it starts from (default: at random). */
  readonly from?: string;
  /** How to train: a config or its file; what it leaves out has defaults. */
  readonly config?: TrainingConfig | string;
  /** A file of landmarks of every picture: nothing is detected then. */
  readonly landmarks?: string;
  /** The pictures show aligned faces and nothing else. */
  readonly aligned?: boolean;
  /** Where aligned faces are kept (default: in the folder of the run). */
  readonly cache?: string;
  /** Terms of use that the model's card states (default: "not stated"). */
  readonly licence?: string;
  /** Told of each picture that could not be used, and why. */
  readonly onPassedOver?: (one: PassedOver) => void;
}

export interface TrainedModel {
  /** Its folder: what `openRecognizer({ model })` takes. */
  readonly model: string;
  readonly card: ModelCard;
  /** It beside the released model, on the people kept from it. */
  readonly compared: Compared;
}

/** See `train` of deepid2plus/train. */
export async function train(options: TrainOptions): Promise<TrainedModel> {
  const { out, run = `${options.out}-run`, licence = "not stated", provider, threads } = options;
  const { signal, stage } = options;
  const { config = {} } = options;
  const training = typeof config === "string" ? await readConfig(config) : parseTraining(config, "train");
  await using open = await openTrainingFaces(options, run);
  const { faces } = open;
  const from = options.from === undefined ? undefined : modelFolder(options.from);
  const resume = hasCheckpoint(run);
  if (!resume) await writeFileAtomic(join(run, "training.json"), `${JSON.stringify(training, null, 2)}\n`);
  const start = await startFrom({ from }, faces);
  const how = { folder: run, resume, start, provider, threads };
  const { finished } = await trainRun(training, faces, how, options);
  if (!finished) throw signal?.reason ?? new Interruption("stopped");
  const card = await releaseRun({
    runFolder: run,
    faces,
    out,
    name: basename(resolve(out)),
    source: open.description,
    licence,
    provider,
    threads,
    onProgress: stage?.("extracting"),
    signal,
  });
  const compared = await compareWithReleased({ model: out, faces, provider, threads, signal });
  return { model: out, card, compared };
}

/** The faces that a run in the folder `run` learns from: found and aligned once, and kept there unless `cache` says where. */
export async function openTrainingFaces(options: Omit<TrainOptions, "out">, run: string): Promise<OpenFaces> {
  const { faces, landmarks, aligned, cache = join(run, "faces"), onPassedOver = () => {} } = options;
  if (typeof faces !== "string") {
    return { faces, description: "faces of a program", [Symbol.asyncDispose]: async () => {} };
  }
  const finder = await openFinder();
  try {
    const source = await openPeople({ images: faces, landmarks, aligned, finder });
    return await openAligned(source, { cacheFolder: cache, onPassedOver }, options);
  } finally {
    await finder.release();
  }
}
