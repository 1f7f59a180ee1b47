/** Finds the faces of people's pictures, for folders that say whose picture each is and no more. */
import { join } from "node:path";
import { DataError, InputError } from "../../base/errors/index.ts";
import { FILE_LIMITS, readData, sha256 } from "../../base/files/index.ts";
import type { FaceFinder } from "../../faces/data/index.ts";
import { DETECTOR_FOLDER, openDefaultLocator, openYunetLocator } from "../../faces/detectors/index.ts";
import type { Image } from "../../faces/image/index.ts";
import type { FaceLocator } from "../../faces/locate/index.ts";
import { type Eyes, findFaces, mainFace, PICTURE_LIMITS, unfitText } from "../answers/index.ts";

/** The detector of a YuNet file, or the default one. */
export const openLocator = async (yunet?: string): Promise<FaceLocator> =>
  yunet === undefined ? openDefaultLocator() : openYunetLocator(yunet);

/** A finder by the detector of `eyes`. */
export const finderBy = (eyes: Eyes & { readonly locator: FaceLocator }): FaceFinder => ({
  key: `found by ${eyes.locator.name}`,
  find: (photo) => findMain(eyes, photo),
});

/** A finder that opens its detector with the first picture. */
export type OwnFinder = FaceFinder & { release(): Promise<void> };

/**
 * A finder by the YuNet file named, or by the default detector. Its key is of the files' content, so that aligned faces are kept
 * apart by what has found them.
 */
export async function openFinder(yunet?: string): Promise<OwnFinder> {
  const named = yunet ?? join(DETECTOR_FOLDER, "detector.json"); // which lists the hashes of the default one's nets
  const key = sha256(await readData(named, FILE_LIMITS.net));
  let opening: Promise<FaceLocator> | undefined;
  return {
    key: `found by ${key}`,
    async find(photo) {
      opening ??= openLocator(yunet);
      return findMain({ locator: await opening, limits: PICTURE_LIMITS }, photo);
    },
    release: async () => (await opening)?.release(),
  };
}

async function findMain(eyes: Eyes, photo: Image): Promise<Image> {
  const faces = await findFaces(eyes, photo, {}, { small: "if-none" });
  if (faces.length === 0) throw new DataError("no face was found");
  const main = mainFace(faces, photo);
  if (main === undefined) {
    throw new DataError(`${faces.length} faces were found, and which is meant is not clear; cut it out`);
  }
  const { image, unfit } = faces[main];
  if (unfit === null) return image;
  throw new DataError(unfitText(eyes.limits, faces[main], unfit));
}

/** The detector as an option of a recognizer, and whether it is the recognizer's own to release. */
export async function locatorOf(
  given: FaceLocator | string | null | undefined,
): Promise<{ locator: FaceLocator | undefined; own: boolean }> {
  if (given === null) return { locator: undefined, own: false };
  if (given === undefined || typeof given === "string")
    return { locator: await openLocator(given), own: true };
  if (typeof given.locate === "function") return { locator: given, own: false };
  throw new InputError("openRecognizer: a locator is the path of a YuNet file, a FaceLocator, or null");
}
