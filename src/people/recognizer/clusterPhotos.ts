/** Who is on photos of nobody knows whom: every face found, and those of one person together. */
import type { StagedProgress } from "../../base/progress/index.ts";
import type { PassedOver } from "../../faces/data/index.ts";
import type { Box } from "../../faces/image/index.ts";
import { encodeJpeg } from "../../faces/pictureFiles/index.ts";
import { type ClusterOptions, clusterFaces } from "../../matching/cluster/index.ts";
import { createFeatureSet, rowOf } from "../../matching/features/index.ts";
import type { FaceSystem } from "../../nets/net/index.ts";
import { type FaceInput, facesToGroup, featuresOf, neuronsOf, type Photo } from "../answers/index.ts";
import { askEach, openAll, type Photos } from "./eachPhoto.ts";
import type { Parts } from "./parts.ts";
import { facesOf } from "./pictures.ts";

export interface ClusterPhotosOptions extends StagedProgress {
  /**
   * Faces are of one person above this log likelihood ratio, in nats (default: CLUSTER_DEFAULTS.threshold). The higher, the purer and
   * the smaller are groups.
   */
  readonly threshold?: number;
  /** Whether each face comes as a picture, too (default false): for pages. */
  readonly crops?: boolean;
}

/** A face in a group. It is a FaceInput, too: what `registerAll` takes. */
export interface GroupedFace extends FaceInput {
  /** The photo's path; in an archive its path there, after that of the archive. */
  readonly photo: Photo;
  readonly name: string;
  /** Its number among the faces of its photo, as `locate` counts them. */
  readonly face: number;
  /** Where it is, in pixels; null in a picture that is an aligned face. */
  readonly box: Box | null;
  /** The aligned face as JPEG in base64, where asked for. */
  readonly crop?: string;
}

export interface PhotoGroups {
  /** A group for each person, the largest first; somebody seen once is a group of one. Faces in the order of their photos. */
  readonly groups: readonly (readonly GroupedFace[])[];
  /** Photos that were looked at, and faces on them that are too small or too blurred to be told apart. */
  readonly photos: number;
  readonly unfit: number;
  /** What could not be used, and why. */
  readonly passedOver: readonly PassedOver[];
}

export async function clusterPhotos(
  { system, eyes }: Parts,
  given: Photos,
  options: ClusterPhotosOptions = {},
): Promise<PhotoGroups> {
  const { threshold, crops = false, stage, signal } = options;
  const photos = await openAll(given);
  const passedOver = [...photos.passedOver];
  const looked = await askEach(photos, look, {
    onPassedOver: (one) => passedOver.push(one),
    onProgress: stage?.("finding faces"),
    signal,
  });
  const faces = looked.flatMap(({ answer: { found } }, photo) => found.map((face) => ({ photo, ...face })));
  const rows = await rowsOfPeople(
    system,
    faces.map(({ features }) => features),
    {
      apart: faces.map(({ photo }) => photo),
      threshold,
      onProgress: stage?.("grouping"),
      signal,
    },
  );
  return {
    groups: rows.map((group) => group.map((row) => faces[row].grouped)),
    photos: looked.length,
    unfit: looked.reduce((sum, { answer }) => sum + answer.unfit, 0),
    passedOver,
  };

  async function look(name: string, bytes: Photo) {
    const input = photos.inputOf(name);
    const { faces } = await facesOf(eyes, { ...input, photo: bytes }, signal);
    const fit = faces.flatMap((one, number) => (one.unfit === null ? [{ ...one, number }] : []));
    const images = fit.map(({ image }) => image);
    const set = fit.length > 0 ? await featuresOf(system, images, signal) : undefined;
    const found = fit.map(async ({ image, number, face: { box } }, row) => {
      const grouped: GroupedFace = { photo: input.photo, name, face: number, box };
      const crop = crops && { crop: Buffer.from(await encodeJpeg(image)).toString("base64") };
      return { grouped: { ...grouped, ...crop }, features: rowOf(set!, row) };
    });
    return { found: await Promise.all(found), unfit: faces.length - fit.length };
  }
}

/** Groups of the rows of `features`. */
async function rowsOfPeople(
  system: FaceSystem,
  features: readonly Float32Array[],
  options: ClusterOptions,
): Promise<number[][]> {
  if (features.length === 0) return [];
  const names = features.map((_, row) => String(row));
  const values = new Float32Array(features.length * system.dimension);
  for (const [row, one] of features.entries()) values.set(one, row * system.dimension);
  const set = createFeatureSet(values, system.dimension, { names, identities: names });
  return clusterFaces(facesToGroup(system.matcher, neuronsOf(system), set), options);
}
