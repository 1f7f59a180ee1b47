/** A change of model as jobs: faces extracted anew by any number of workers, and the changeover when all are. */
import { DataError, InputError } from "../../base/errors/index.ts";
import { modelFolder, openSystem } from "../../nets/models/index.ts";
import type { FaceSystem } from "../../nets/net/index.ts";
import {
  changeStatus,
  type GalleryStore,
  nextGallery,
  openStore,
  settingsFor,
  type WithoutPicture,
} from "../gallery/index.ts";
import {
  beginChange,
  extractLacking,
  finishChange,
  galleryModelOf,
  modelNamed,
} from "../recognizer/index.ts";
import { type ChangeOverJob, type ExtractJob, newBatch, type Outcome } from "./jobs.ts";
import { openWorkQueue } from "./queue.ts";

export interface AddChangeOptions {
  /** Of an encrypted gallery. */
  readonly key?: Uint8Array;
  /** Whether faces that cannot be extracted are erased at the changeover (default false: it is refused then). */
  readonly leaveOut?: boolean;
  /** Faces of one job. */
  readonly faces?: number;
  readonly expireSeconds?: number;
  /** Told of the faces without a picture, before anything happens. */
  readonly onWithoutPicture?: (faces: WithoutPicture) => void;
}

export interface AddedChange {
  readonly jobs: number;
  readonly faces: number;
}

const FACES = 256;
/** Taken only when nothing else waits. */
const LAST = -1;

/**
 * Begins the change of the gallery at `url` to the model `model`, and queues its jobs; see `changeModel`. Every worker must have
 * the model under the same name, or its folder under the same path.
 */
export async function addModelChange(
  url: string,
  model: string,
  { key, leaveOut = false, faces: size = FACES, expireSeconds, onWithoutPicture }: AddChangeOptions = {},
): Promise<AddedChange> {
  const system = await openSystem(modelFolder(model));
  const galleryModel = galleryModelOf(system);
  await system.release();
  const store = await openStore(url, undefined, { key });
  try {
    const next = nextGallery(store, galleryModel, key);
    const name = modelNamed(model);
    await beginChange(next, { name, leaveOut }, onWithoutPicture);
    const { faces } = await store.count();
    const what = { name, model: next.model, batch: newBatch(faces) };
    const jobs: ExtractJob[] = [];
    for (let from = 0; ; ) {
      const last = await next.lastOf(from, size);
      if (last === undefined) break;
      const rest = faces - jobs.length * size;
      jobs.push({ kind: "extract", ...what, from, to: last + 1, faces: Math.max(1, Math.min(size, rest)) });
      from = last + 1;
    }
    const queue = await openWorkQueue(url);
    try {
      await queue.add(jobs, { expireSeconds });
      await queue.add([{ kind: "change over", ...what }], { expireSeconds, priority: LAST });
    } finally {
      await queue.close();
    }
    return { jobs: jobs.length + 1, faces };
  } finally {
    await store.close();
  }
}

/** Opens models by name, each once, if it is the one that a change was begun for. */
export function modelsToCome() {
  const opened = new Map<string, Promise<FaceSystem>>();
  return {
    async open({ name, model }: Pick<ExtractJob, "name" | "model">): Promise<FaceSystem> {
      let opening = opened.get(name);
      if (!opening) {
        opening = openSystem(modelFolder(name));
        opened.set(name, opening);
        opening.catch(() => opened.delete(name));
      }
      const system = await opening;
      if (settingsFor(galleryModelOf(system)).model === model) return system;
      throw new DataError(`${name}: its files are not those that the change of model was begun for`);
    },
    async release() {
      for (const opening of opened.values()) await (await opening).release();
    },
  };
}

export interface ModelJobParts {
  readonly store: GalleryStore;
  readonly key: Uint8Array | undefined;
  readonly models: ReturnType<typeof modelsToCome>;
}

/** Carries out a job of a change; nothing where that is over or was cancelled. */
export async function changeFaces(
  job: ExtractJob | ChangeOverJob,
  { store, key, models }: ModelJobParts,
): Promise<Outcome> {
  const status = await changeStatus(store);
  if (status?.next.model !== job.model) return { passedOver: [], note: "the change is over" };
  const system = await models.open(job);
  const next = nextGallery(store, galleryModelOf(system), key);
  if (job.kind === "extract") {
    const { from, to } = job;
    const { extracted, useless } = await extractLacking(system, next, { from, to });
    return { extracted, passedOver: named(useless) };
  }
  const { extracted, useless, faces, erased } = await finishChange(system, next);
  const note = `the gallery has changed over to ${job.name}: ${faces} faces, ${erased} erased`;
  return { extracted, passedOver: named(useless), note };
}

const named = (faces: readonly { readonly id: number; readonly reason: string }[]) =>
  faces.map(({ id, reason }) => ({ file: `face ${id}`, reason }));

/** The store of the gallery that a worker has open. */
export function storeOf(gallery: object | undefined): GalleryStore {
  if (gallery && "store" in gallery) return gallery.store as GalleryStore;
  throw new InputError("a change of model needs a gallery in this process (see openGallery)");
}
