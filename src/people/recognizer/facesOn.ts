/** Every face on photos of nobody knows whom, with its features. */
import type { StagedProgress } from "../../base/progress/index.ts";
import type { PassedOver } from "../../faces/data/index.ts";
import type { Box } from "../../faces/image/index.ts";
import { encodeJpeg } from "../../faces/pictureFiles/index.ts";
import { rowOf } from "../../matching/features/index.ts";
import { type FaceInput, featuresOf, type Photo } from "../answers/index.ts";
import { askEach, openAll, type Photos } from "./eachPhoto.ts";
import type { Parts } from "./parts.ts";
import { facesOf } from "./pictures.ts";

export interface FacesOnOptions extends StagedProgress {
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

export interface FaceOnPhoto extends GroupedFace {
  /** [dimension] of the model. */
  readonly features: Float32Array;
  /** Number of the photo: two faces of one photo are two people. */
  readonly onPhoto: number;
}

export interface PhotoFaces {
  /** In the order of their photos. */
  readonly faces: readonly FaceOnPhoto[];
  /** Photos that were looked at, and faces on them that are too small or too blurred to be told apart. */
  readonly photos: number;
  readonly unfit: number;
  /** What could not be used, and why. */
  readonly passedOver: readonly PassedOver[];
}

export async function facesOn(
  { system, eyes }: Pick<Parts, "system" | "eyes">,
  given: Photos,
  { crops = false, stage, signal }: FacesOnOptions = {},
): Promise<PhotoFaces> {
  const photos = await openAll(given);
  const passedOver = [...photos.passedOver];
  const looked = await askEach(photos, look, {
    onPassedOver: (one) => passedOver.push(one),
    onProgress: stage?.("finding faces"),
    signal,
  });
  return {
    faces: looked.flatMap(({ answer: { found } }, onPhoto) => found.map((face) => ({ ...face, onPhoto }))),
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
      const crop = crops && { crop: Buffer.from(await encodeJpeg(image)).toString("base64") };
      return { photo: input.photo, name, face: number, box, ...crop, features: rowOf(set!, row) };
    });
    return { found: await Promise.all(found), unfit: faces.length - fit.length };
  }
}
