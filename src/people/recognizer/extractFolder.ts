/** Features of every picture of a folder of people: faces found and aligned, picture by picture, and nothing kept on disk. */
import { DataError } from "../../base/errors/index.ts";
import type { Progress } from "../../base/progress/index.ts";
import { alignEach, openPeople, type PassedOver } from "../../faces/data/index.ts";
import { TEMPLATE } from "../../faces/face/index.ts";
import { createImage, type Image } from "../../faces/image/index.ts";
import { createFeatureSet, type FeatureSet } from "../../matching/features/index.ts";
import { featuresOf } from "../answers/index.ts";
import { finderBy } from "./finder.ts";
import type { Parts } from "./parts.ts";
import { unfitReason } from "./pictures.ts";

export interface ExtractFolderOptions extends Pick<Progress, "onProgress" | "signal"> {
  /** A file of landmarks of every picture (see `readLandmarks`): nothing is detected then. */
  readonly landmarks?: string;
  /** The pictures show aligned faces and nothing else, of any size. */
  readonly aligned?: boolean;
}

/** A row for each picture, `person/photo`, in the order of their names. */
export interface FolderFeatures extends FeatureSet {
  /** What could not be used, and why. */
  readonly passedOver: readonly PassedOver[];
}

/** Pictures that go through the net together. */
const BATCH = 32;

export async function extractFolder(
  { system, eyes }: Parts,
  folder: string,
  { landmarks, aligned, onProgress, signal }: ExtractFolderOptions = {},
): Promise<FolderFeatures> {
  const { locator, limits } = eyes;
  const finder = locator && finderBy({ locator, limits });
  const source = await openPeople({ images: folder, landmarks, aligned, finder });
  const passedOver = [...source.passedOver];
  const rows = new Map<number, Float32Array>();
  let batch: { index: number; image: Image }[] = [];
  const flush = async () => {
    const faces = batch;
    batch = [];
    if (faces.length === 0) return;
    const images = faces.map(({ image }) => image);
    const { values, dimension } = await featuresOf(system, images, signal);
    for (const [i, { index }] of faces.entries())
      rows.set(index, values.slice(i * dimension, (i + 1) * dimension));
  };
  let done = 0;
  for await (const { index, face, reason } of alignEach(source, { signal })) {
    const { file } = source.pictures[index];
    const unfit = face && unfitReason(face);
    if (!face) passedOver.push({ file, reason });
    else if (unfit) passedOver.push({ file, reason: `${file}: ${unfit}` });
    else batch.push({ index, image: createImage(TEMPLATE.width, TEMPLATE.height, face) });
    if (batch.length >= BATCH) await flush();
    onProgress?.(++done, source.pictures.length);
  }
  await flush();
  if (rows.size === 0)
    throw new DataError(`${folder}: none of its pictures can be used: ${passedOver[0].reason}`);
  const kept = [...rows].sort(([a], [b]) => a - b);
  const values = new Float32Array(kept.length * system.dimension);
  for (const [row, [, features]] of kept.entries()) values.set(features, row * system.dimension);
  const pictures = kept.map(([index]) => source.pictures[index]);
  const names = pictures.map(({ name }) => name);
  const identities = pictures.map(({ identity }) => identity);
  return { ...createFeatureSet(values, system.dimension, { names, identities }), passedOver };
}
