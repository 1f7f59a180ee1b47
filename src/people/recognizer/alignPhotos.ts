/** The faces of photos as files: every face cut out and aligned, and a picture of what was found. */

import { basename, dirname, join, parse, resolve } from "node:path";
import { DataError, InputError } from "../../base/errors/index.ts";
import { FILE_LIMITS, makeFolder, readForeign, writeFileAtomic, writingTo } from "../../base/files/index.ts";
import type { StagedProgress } from "../../base/progress/index.ts";
import type { PassedOver } from "../../faces/data/index.ts";
import { foundPicture } from "../../faces/detectors/index.ts";
import { alignFace, exposed } from "../../faces/face/index.ts";
import type { FaceLocator } from "../../faces/locate/index.ts";
import { decodeImage, encodePng } from "../../faces/pictureFiles/index.ts";
import type { Located } from "../answers/index.ts";
import { locateFaces } from "./pictures.ts";

/** A photo and where its results go. */
export interface AlignTask {
  readonly path: string;
  /** Path of the results, without an ending. */
  readonly place: string;
}

/** What was found in a photo, the largest face first, and the files written. */
export interface AlignedPhoto extends Pick<Located, "faces"> {
  readonly files: readonly string[];
}

/**
 * Where the results of each photo go below `out`: by the photo's name, with `people` in a folder named as the photo's
 * own. InputError where two would go to one place.
 */
export function placePhotos(photos: readonly string[], out: string, people: boolean): AlignTask[] {
  const taken = new Map<string, string>();
  return photos.map((path) => {
    const { dir, name } = parse(resolve(path));
    const place = people ? join(out, basename(dir), name) : join(out, name);
    const other = taken.get(place);
    if (other !== undefined)
      throw new InputError(`align: ${other} and ${path} would both become ${place}.png`);
    taken.set(place, path);
    return { path, place };
  });
}

export interface AlignPhotosOptions extends Pick<StagedProgress, "stage" | "signal"> {
  /** One crop a photo: the largest face alone. */
  readonly people: boolean;
  /** Told of each photo that cannot be used, and why. */
  readonly onPassedOver: (one: PassedOver) => void;
}

/** What became of one of several photos. */
export type AlignOutcome = { readonly photo: string } & (AlignedPhoto | { readonly error: string });

/** Does so for each of `tasks`. One that cannot be used is skipped; if it is the only one that is a DataError. */
export async function alignPhotos(
  locator: FaceLocator,
  tasks: readonly AlignTask[],
  { people, signal, stage, onPassedOver }: AlignPhotosOptions,
): Promise<AlignOutcome[]> {
  const outcomes: AlignOutcome[] = [];
  const update = stage?.("aligning");
  for (const [i, task] of tasks.entries()) {
    signal?.throwIfAborted();
    try {
      outcomes.push({ photo: task.path, ...(await alignPhoto(locator, task, { people, signal })) });
    } catch (error) {
      if (!(error instanceof DataError) || tasks.length === 1) throw error;
      outcomes.push({ photo: task.path, error: error.message });
      onPassedOver({ file: task.path, reason: error.message });
    }
    update?.(i + 1, tasks.length);
  }
  return outcomes;
}

/**
 * Writes every face of a photo as a crop of 88 x 104 pixels, and a picture of what was found; with `people` the largest
 * face alone. DataError where the photo cannot be read, or would be overwritten.
 */
export async function alignPhoto(
  locator: FaceLocator,
  { path, place }: AlignTask,
  { people, signal }: { readonly people: boolean; readonly signal?: AbortSignal },
): Promise<AlignedPhoto> {
  const bytes = await readForeign(path, FILE_LIMITS.picture);
  const { faces } = await locateFaces(locator, { photo: bytes, name: path }, { signal });
  const photo = await decodeImage(bytes, path);
  const crops = faces.map(({ landmarks }) => exposed(alignFace(photo, landmarks)));
  const written = new Map<string, Uint8Array>();
  if (people) {
    if (crops[0]) written.set(`${place}.png`, await encodePng(crops[0]));
  } else {
    for (const [i, crop] of crops.entries()) {
      written.set(`${place}${crops.length > 1 ? `-${i}` : ""}.png`, await encodePng(crop));
    }
    const found = faces.map(({ box, landmarks, unfit }, i) => ({ box, landmarks, unfit, crop: crops[i] }));
    written.set(`${place}.found.png`, await foundPicture(photo, found));
  }
  for (const [file, content] of written) {
    if (resolve(file) === resolve(path))
      throw new DataError(`${path}: would be overwritten; choose another --out`);
    await writingTo(file, async () => {
      await makeFolder(dirname(file));
      await writeFileAtomic(file, content);
    });
  }
  return { faces, files: [...written.keys()] };
}
