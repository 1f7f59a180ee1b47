/** From a picture file to the one aligned face that is asked about, or to why there is none. */
import { InputError } from "../../base/errors/index.ts";
import { TEMPLATE } from "../../faces/face/index.ts";
import { createImage, type Image } from "../../faces/image/index.ts";
import { type FaceLocator, sharpnessOf } from "../../faces/locate/index.ts";
import { decodeImage, encodePng } from "../../faces/pictureFiles/index.ts";
import {
  asAligned,
  type Eyes,
  type FaceInput,
  findFace,
  findFaces,
  type Located,
  nameOf,
  PICTURE_LIMITS,
  type PictureLimits,
  type ReadyFace,
  type Refusal,
  sizeOf,
} from "../answers/index.ts";

/** The aligned face of `input`, which is number `index` of the pictures given. */
export async function readyFace(
  eyes: Eyes,
  input: FaceInput,
  options: { index?: number; signal?: AbortSignal } = {},
): Promise<ReadyFace | Refusal> {
  if (input.raw) return { ok: true, ...asAligned(rawFace(input)) };
  return findFace(eyes, await decode(eyes, input), input, options);
}

/** Every face of `input`, and how good each is. */
export async function locateAll(
  eyes: Eyes,
  input: FaceInput,
  { crops = false, signal }: { readonly crops?: boolean; readonly signal?: AbortSignal } = {},
): Promise<Located> {
  const photo = await decode(eyes, input);
  const faces = [];
  for (const { image, ...face } of await findFaces(eyes, photo, input, signal)) {
    const crop = crops && { crop: Buffer.from(await encodePng(image)).toString("base64") };
    faces.push({ ...face, ...crop });
  }
  return { picture: sizeOf(photo), faces };
}

/** Why an aligned face, pixels [104, 88, 3], has too little to tell, as messages say it; undefined where it has enough. */
export function unfitReason(pixels: Uint8Array): string | undefined {
  const { minSharpness } = PICTURE_LIMITS;
  const sharpness = sharpnessOf(createImage(TEMPLATE.width, TEMPLATE.height, pixels));
  if (sharpness >= minSharpness) return undefined;
  return `the face is too blurred: sharpness ${sharpness.toFixed(2)}, ${minSharpness} is needed`;
}

/** The aligned face whose pixels `input` holds. */
function rawFace(input: FaceInput): Image {
  const { width, height } = TEMPLATE;
  if (input.bytes.length !== width * height * 3) {
    throw new InputError(
      `${nameOf(input)}: ${width} x ${height} pixels of 3 bytes are ${width * height * 3} bytes, got ${input.bytes.length}`,
    );
  }
  return createImage(width, height, input.bytes);
}

function decode({ limits }: Eyes, input: FaceInput): Promise<Image> {
  const { maxBytes, maxPixels } = limits;
  return decodeImage(input.bytes, nameOf(input), { maxBytes, maxPixels });
}

/** The faces that `locator` finds in a picture, without a model. */
export const locateFaces = (
  locator: FaceLocator,
  input: FaceInput,
  { limits, signal }: { readonly limits?: Partial<PictureLimits>; readonly signal?: AbortSignal } = {},
): Promise<Located> => locateAll({ locator, limits: { ...PICTURE_LIMITS, ...limits } }, input, { signal });
