/** Grouping the faces on photos as a job: one worker does all of it, and writes the table of groups. */
import { resolve } from "node:path";
import { checkWritable, writeFileAtomic, writingTo } from "../../base/files/index.ts";
import { count } from "../../base/text/index.ts";
import { openPhotos } from "../../faces/data/index.ts";
import { groupsTable, type Recognizer } from "../recognizer/index.ts";
import { type ClusterJob, newBatch, type Outcome } from "./jobs.ts";
import { openWorkQueue } from "./queue.ts";

export interface AddedClustering {
  readonly jobs: number;
  readonly photos: number;
}

/** What a photo takes at most, as a rule: a job that takes longer is given to another worker. */
const SECONDS_A_PHOTO = 2;
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
  const queue = await openWorkQueue(url);
  try {
    const seconds = expireSeconds ?? Math.max(LEAST_SECONDS, SECONDS_A_PHOTO * names.length);
    await queue.add([job], { expireSeconds: seconds });
  } finally {
    await queue.close();
  }
  return { jobs: 1, photos: names.length };
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
