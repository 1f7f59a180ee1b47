/** From a picture file to the one aligned face that is asked about, or to why there is none. */
import { InputError } from "../../base/errors/index.ts";
import { TEMPLATE } from "../../faces/face/index.ts";
import { createImage, type Image } from "../../faces/image/index.ts";
import { type FaceLocator, sharpnessOf } from "../../faces/locate/index.ts";
import { encodePng } from "../../faces/pictureFiles/index.ts";
import {
  asAligned,
  type Eyes,
  type FaceInput,
  findFace,
  findFaces,
  type Located,
  nameOf,
  type Photo,
  PICTURE_LIMITS,
  type PictureLimits,
  type ReadyFace,
  type Refusal,
  sizeOf,
  type UsedFace,
  unfitText,
  usedFaces,
} from "../answers/index.ts";
import { asInput, bytesOf, readPhoto } from "./photo.ts";

/** The aligned face of `given`, which is number `index` of the pictures given. */
export async function readyFace(
  eyes: Eyes,
  given: Photo | FaceInput,
  options: { index?: number; signal?: AbortSignal } = {},
): Promise<ReadyFace | Refusal> {
  const input = asInput(given);
  if (input.raw) return { ok: true, ...asAligned(await rawFace(input)) };
  return findFace(eyes, await readPhoto(input, eyes.limits), input, options);
}

/** Every face of `given`, aligned, and the sides of the picture. */
export async function facesOf(
  eyes: Eyes,
  given: Photo | FaceInput,
  signal?: AbortSignal,
): Promise<{ readonly picture: Located["picture"]; readonly faces: readonly UsedFace[] }> {
  const input = asInput(given);
  if (input.raw) {
    const { image, face } = asAligned(await rawFace(input));
    return { picture: face.picture, faces: [{ image, face, unfit: null }] };
  }
  const photo = await readPhoto(input, eyes.limits);
  return { picture: sizeOf(photo), faces: await usedFaces(eyes, photo, input, signal) };
}

/** Every face of `given`, and how good each is. */
export async function locateAll(
  eyes: Eyes,
  given: Photo | FaceInput,
  { crops = false, signal }: { readonly crops?: boolean; readonly signal?: AbortSignal } = {},
): Promise<Located> {
  const input = asInput(given);
  const photo = await readPhoto(input, eyes.limits);
  const faces = [];
  for (const { image, ...face } of await findFaces(eyes, photo, input, { signal })) {
    const crop = crops && { crop: Buffer.from(await encodePng(image)).toString("base64") };
    faces.push({ ...face, ...crop });
  }
  return { picture: sizeOf(photo), faces };
}

/** Why an aligned face, pixels [104, 88, 3], has too little to tell, as messages say it; undefined where it has enough. */
export function unfitReason(pixels: Uint8Array): string | undefined {
  const sharpness = sharpnessOf(createImage(TEMPLATE.width, TEMPLATE.height, pixels));
  if (sharpness >= PICTURE_LIMITS.minSharpness) return undefined;
  return unfitText(PICTURE_LIMITS, { eyeDistance: Number.NaN, sharpness }, "face-too-blurred");
}

/** The aligned face whose pixels `input` holds. */
async function rawFace(input: FaceInput): Promise<Image> {
  const { width, height } = TEMPLATE;
  const bytes = await bytesOf(input.photo, nameOf(input));
  if (bytes.length !== width * height * 3) {
    throw new InputError(
      `${nameOf(input)}: ${width} x ${height} pixels of 3 bytes are ${width * height * 3} bytes, got ${bytes.length}`,
    );
  }
  return createImage(width, height, bytes);
}

/** The faces that `locator` finds in a picture, without a model. */
export const locateFaces = (
  locator: FaceLocator,
  photo: Photo | FaceInput,
  { limits, signal }: { readonly limits?: Partial<PictureLimits>; readonly signal?: AbortSignal } = {},
): Promise<Located> => locateAll({ locator, limits: { ...PICTURE_LIMITS, ...limits } }, photo, { signal });
