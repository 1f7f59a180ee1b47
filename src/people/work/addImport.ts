/** An import, cut into jobs. */
import { resolve } from "node:path";
import { InputError } from "../../base/errors/index.ts";
import { openPeople, type PassedOver } from "../../faces/data/index.ts";
import { newBatch } from "./jobs.ts";
import { openWorkQueue } from "./queue.ts";

export interface ImportOptions {
  /** The pictures show aligned faces and nothing else, of any size. */
  readonly aligned?: boolean;
  /** A file of landmarks of every picture: nothing is detected then. */
  readonly landmarks?: string;
  /** Whether aligned faces are kept as pictures. */
  readonly thumbnail?: boolean;
  /** Pictures of one job: what is done again at most when a worker is killed. */
  readonly pictures?: number;
  /** Seconds after which a worker that has not finished a job is taken for dead. */
  readonly expireSeconds?: number;
}

export interface AddedImport {
  readonly jobs: number;
  readonly pictures: number;
  /** What lies among the pictures and is none of them, and why. */
  readonly passedOver: readonly PassedOver[];
}

export const IMPORT_DEFAULTS = { pictures: 16 } as const satisfies ImportOptions;

/**
 * Adds an import of `images`, a folder of people (person/photo.jpg) or a zip of one, to the queue of the gallery at `url`.
 * Every worker must reach the same files under the same path. InputError for a tar archive, which cannot be read
 * picture by picture.
 */
export async function addImport(
  url: string,
  images: string,
  options: ImportOptions = {},
): Promise<AddedImport> {
  const { pictures: size = IMPORT_DEFAULTS.pictures, expireSeconds, landmarks, ...how } = options;
  if (/\.(tar|tgz|tar\.\w+)$/i.test(images)) {
    throw new InputError(
      `${images}: workers read pictures one by one, which a tar does not allow: unpack it, or make a zip`,
    );
  }
  const place = {
    images: resolve(images),
    ...(landmarks !== undefined && { landmarks: resolve(landmarks) }),
  };
  const source = await openPeople({ ...place, ...how });
  const names = source.pictures.map(({ name }) => name);
  const batch = newBatch(names.length);
  const jobs = Array.from({ length: Math.ceil(names.length / size) }, (_, i) => ({
    ...place,
    ...how,
    batch,
    pictures: names.slice(i * size, (i + 1) * size),
  }));
  const queue = await openWorkQueue(url);
  try {
    await queue.add(jobs, { ...(expireSeconds !== undefined && { expireSeconds }) });
  } finally {
    await queue.close();
  }
  return { jobs: jobs.length, pictures: names.length, passedOver: source.passedOver };
}
