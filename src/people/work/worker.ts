/**
 * A worker: takes one job after the other from the queue and carries it out.
 *
 * Each picture is added once, whatever happens: a face is kept together with the name of its picture, in one transaction
 * and under a lock, unless a face with that name is there (`registerMissing`). So a job that is done again, after its
 * worker was killed or because two have it at once, adds only what is missing.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { DataError, InputError } from "../../base/errors/index.ts";
import { type FaceFinder, type FaceSource, openPeople } from "../../faces/data/index.ts";
import type { Recognizer } from "../recognizer/index.ts";
import { clusterFor, groupFor } from "./clusterJob.ts";
import type { ImportJob, Job, Outcome } from "./jobs.ts";
import { changeFaces, modelsToCome, storeOf } from "./modelJobs.ts";
import { openWorkQueue, type TakenJob, type WorkQueue } from "./queue.ts";

export interface WorkOptions {
  /** Finds the faces of pictures that are not aligned and have no landmarks. */
  readonly finder?: FaceFinder;
  /** Opens what groups the faces on photos; it is released here. Default: such jobs fail, and go to another worker. */
  readonly forPhotos?: () => Promise<Recognizer>;
  /** Of an encrypted gallery, for changes of its model. */
  readonly key?: Uint8Array;
  /** Return when no job waits and none is being done; else wait for more. */
  readonly untilEmpty?: boolean;
  /** Stops after the job in hand. */
  readonly signal?: AbortSignal;
  /** Told of each job that was done or failed. */
  readonly onJob?: (done: JobDone) => void;
}

export type JobDone = Outcome & { readonly pictures: number; readonly failed?: string };

/** What one worker has done. */
export interface Worked {
  readonly jobs: number;
  readonly added: number;
  readonly known: number;
  /** Faces for the gallery's next model. */
  readonly extracted: number;
  readonly passedOver: number;
  readonly failed: number;
}

/** How long a worker waits where there is nothing to do, or the server does not answer. */
const IDLE_MS = 1_000;
/** After so many tries a job of several pictures is cut: one of them may be what kills its workers. */
const TRIES_TOGETHER = 2;

/** Works on the queue of the gallery at `url` with a recognizer that has that gallery open. */
export async function work(recognizer: Recognizer, url: string, options: WorkOptions = {}): Promise<Worked> {
  const { untilEmpty = false, signal, onJob } = options;
  const queue = await openWorkQueue(url);
  const worked = { jobs: 0, added: 0, known: 0, extracted: 0, passedOver: 0, failed: 0 };
  const models = modelsToCome();
  let photos: Promise<Recognizer> | undefined;
  const forPhotos = () => {
    if (!options.forPhotos) throw new InputError("this worker groups no photos");
    photos ??= options.forPhotos();
    return photos;
  };
  const carryOut = carrierOf(recognizer, queue, { ...options, models, forPhotos });
  try {
    while (!signal?.aborted) {
      const taken = await patiently(() => queue.take(), untilEmpty);
      if (taken) {
        const done = await carryOut(taken);
        worked.jobs++;
        worked.added += done.added ?? 0;
        worked.known += done.known ?? 0;
        worked.extracted += done.extracted ?? 0;
        worked.passedOver += done.passedOver.length;
        if (done.failed !== undefined) worked.failed++;
        onJob?.(done);
        continue;
      }
      if (untilEmpty) {
        const { jobs } = await queue.status();
        if (jobs.waiting + jobs.active === 0) break;
      }
      await sleep(IDLE_MS, undefined, { signal }).catch(() => {});
    }
    return worked;
  } finally {
    await queue.close();
    await models.release();
    await (await photos)?.release();
  }
}

/** A worker outlives a server that is away for a while. */
async function patiently<T>(ask: () => Promise<T>, untilEmpty: boolean): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (untilEmpty || !(error instanceof InputError)) throw error;
    return undefined;
  }
}

type CarrierOptions = Pick<WorkOptions, "finder" | "key"> & {
  readonly models: ReturnType<typeof modelsToCome>;
  readonly forPhotos: () => Promise<Recognizer>;
};

function carrierOf(
  recognizer: Recognizer,
  queue: WorkQueue,
  { finder, key, models, forPhotos }: CarrierOptions,
): (taken: TakenJob) => Promise<JobDone> {
  const sourceOf = rememberingSource(finder);
  const importing = async (job: ImportJob, { tries, expireSeconds }: TakenJob): Promise<Outcome> => {
    const { pictures, thumbnail } = job;
    if (tries >= TRIES_TOGETHER && pictures.length > 1) {
      await queue.add(
        pictures.map((one) => ({ ...job, pictures: [one] })),
        { expireSeconds },
      );
      return { added: 0, known: 0, passedOver: [], cut: true, note: "once more, one by one" };
    }
    const only = new Set(pictures);
    const done = await recognizer.registerPictures(await sourceOf(job), { only, thumbnail });
    return { added: done.added, known: done.known, passedOver: done.passedOver };
  };
  const carriedOut = async (job: Job, taken: TakenJob): Promise<Outcome> => {
    if (job.kind === "cluster") return clusterFor(job, await forPhotos());
    if (job.kind === "group") return groupFor(job, recognizer);
    if (job.kind === "extract" || job.kind === "change over") {
      return changeFaces(job, { store: storeOf(recognizer.gallery), key, models });
    }
    return importing(job, taken);
  };
  return async (taken) => {
    const { id, job } = taken;
    const pictures = "pictures" in job ? job.pictures.length : 0;
    try {
      const outcome = await carriedOut(job, taken);
      await queue.done(id, outcome);
      return { pictures, ...outcome };
    } catch (error) {
      if (!(error instanceof InputError || error instanceof DataError)) throw error;
      await queue.failed(id, error.message).catch(() => {}); // its time will be over, and another has it
      return { pictures, passedOver: [], failed: error.message };
    }
  };
}

/** Lists a folder once, not for every job; again where it lacks a picture, which has come since. */
function rememberingSource(finder: FaceFinder | undefined): (job: ImportJob) => Promise<FaceSource> {
  let last:
    | { readonly key: string; readonly names: ReadonlySet<string>; readonly source: FaceSource }
    | undefined;
  return async ({ images, aligned, landmarks, pictures }) => {
    const key = JSON.stringify([images, aligned, landmarks]);
    if (last?.key === key && pictures.every((name) => last?.names.has(name))) return last.source;
    const source = await openPeople({ images, aligned, landmarks, finder });
    last = {
      key,
      source: { ...source, passedOver: [] },
      names: new Set(source.pictures.map(({ name }) => name)),
    };
    return last.source;
  };
}
