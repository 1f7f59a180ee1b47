/** Grouping the faces on photos, or in the gallery, as a job: one worker does all of it, and writes the table of groups. */
import { resolve } from "node:path";
import { InputError } from "../../base/errors/index.ts";
import { checkWritable, writeFileAtomic, writingTo } from "../../base/files/index.ts";
import { count } from "../../base/text/index.ts";
import { openPhotos } from "../../faces/data/index.ts";
import { openStore } from "../gallery/index.ts";
import { assertFewToGroup, galleryGroupsTable, groupsTable, type Recognizer } from "../recognizer/index.ts";
import { type ClusterJob, type GroupJob, type Job, newBatch, type Outcome } from "./jobs.ts";
import { openWorkQueue } from "./queue.ts";

export interface AddedClustering {
  readonly jobs: number;
  readonly photos: number;
}

/** What a photo takes at most, as a rule: a job that takes longer is given to another worker. */
const SECONDS_A_PHOTO = 2;
const SECONDS_A_FACE = 0.05;
const LEAST_SECONDS = 300;

/**
 * Queues the clustering of `photos`, a folder or a photo, in the database at `url`. The table of groups goes to the file `out`;
 * the worker must reach both under the same path.
 */
export async function addClustering(
  url: string,
  photos: string,
  out: string,
  { expireSeconds }: { readonly expireSeconds?: number } = {},
): Promise<AddedClustering> {
  checkWritable(out, "file");
  const { names } = await openPhotos([photos]);
  const job: ClusterJob = {
    kind: "cluster",
    photos: resolve(photos),
    out: resolve(out),
    faces: names.length,
    batch: newBatch(names.length),
  };
  await addAlone(url, job, expireSeconds ?? Math.max(LEAST_SECONDS, SECONDS_A_PHOTO * names.length));
  return { jobs: 1, photos: names.length };
}

export interface AddGroupingOptions {
  /** Only the faces of this person, whose name stands for unknown people. */
  readonly person?: string;
  /** Of an encrypted gallery. */
  readonly key?: Uint8Array;
  readonly expireSeconds?: number;
}

/**
 * Queues the grouping of the faces that the gallery at `url` holds. The table of groups goes to the file `out`, which the worker must
 * reach under the same path. InputError for a stranger, and for more faces than are grouped at once.
 */
export async function addGrouping(
  url: string,
  out: string,
  { person, key, expireSeconds }: AddGroupingOptions = {},
): Promise<{ readonly jobs: number; readonly faces: number }> {
  checkWritable(out, "file");
  const store = await openStore(url, undefined, { key });
  let faces: number;
  try {
    const found = person === undefined ? await store.count() : await store.person(person);
    if (!found) throw new InputError(`${store.place}: there is nobody called ${JSON.stringify(person)}`);
    faces = found.faces;
    assertFewToGroup(store.place, faces);
  } finally {
    await store.close();
  }
  const job: GroupJob = { kind: "group", person, out: resolve(out), faces, batch: newBatch(faces) };
  await addAlone(url, job, expireSeconds ?? Math.max(LEAST_SECONDS, SECONDS_A_FACE * faces));
  return { jobs: 1, faces };
}

async function addAlone(url: string, job: Job, seconds: number): Promise<void> {
  const queue = await openWorkQueue(url);
  try {
    await queue.add([job], { expireSeconds: Math.ceil(seconds) });
  } finally {
    await queue.close();
  }
}

/** Carries it out; see clusterFor. */
export async function groupFor(
  { person, out }: GroupJob,
  recognizer: Pick<Recognizer, "clusterGallery">,
): Promise<Outcome> {
  checkWritable(out, "file");
  const found = await recognizer.clusterGallery({ person });
  await writingTo(out, () => writeFileAtomic(out, galleryGroupsTable(found)));
  const faces = found.groups.reduce((sum, group) => sum + group.length, 0);
  const note = `${out}: ${count(faces)} faces of the gallery in ${count(found.groups.length)} groups`;
  return { passedOver: found.passedOver, note };
}

/** Carries it out; the file is written whole, so that doing it twice does no harm. */
export async function clusterFor(
  { photos, out }: ClusterJob,
  recognizer: Pick<Recognizer, "cluster">,
): Promise<Outcome> {
  checkWritable(out, "file");
  const found = await recognizer.cluster([photos]);
  await writingTo(out, () => writeFileAtomic(out, groupsTable(found)));
  const faces = found.groups.reduce((sum, group) => sum + group.length, 0);
  return {
    passedOver: found.passedOver,
    note: `${out}: ${count(faces)} faces on ${count(found.photos)} photos in ${count(found.groups.length)} groups`,
  };
}
