/** From a photo to the one aligned face that is asked about, or to why there is none. */
import { DataError, InputError } from "../../base/errors/index.ts";
import {
  alignFace,
  cutOffOf,
  exposed,
  type Landmarks,
  type Point,
  TEMPLATE,
} from "../../faces/face/index.ts";
import { type Image, resizeRegion } from "../../faces/image/index.ts";
import {
  eyeDistanceOf,
  type FaceLocator,
  type LocatedFace,
  type LocateOptions,
  LocateTimeout,
  sharpnessOf,
  TEMPLATE_EYE_DISTANCE,
} from "../../faces/locate/index.ts";
import type { FaceUsed, Refusal, RefusalReason, UnfitReason } from "./answers.ts";
import { isWithin, type PictureLimits, unfitFor, unfitText } from "./limits.ts";
import { likelyFaces, mainFace } from "./mainFace.ts";
import type { FaceChoice } from "./questions.ts";

/** Detector, models and limits for pictures. */
export interface Eyes {
  readonly locator: FaceLocator | undefined;
  readonly limits: PictureLimits;
}

/** An aligned face [104, 88] and how it was found. */
export interface ReadyFace {
  readonly ok: true;
  readonly image: Image;
  readonly face: FaceUsed;
}

/** The aligned face of `photo` that `choice` means; it is number `index` of the pictures given. */
export async function findFace(
  eyes: Eyes,
  photo: Image,
  choice: FaceChoice = {},
  { index = 0, signal }: { readonly index?: number; readonly signal?: AbortSignal } = {},
): Promise<ReadyFace | Refusal> {
  const { landmarks, aligned = !landmarks && isCrop(photo) } = choice;
  if (landmarks && aligned)
    throw new InputError(`${nameOf(choice)}: give landmarks or say aligned, not both`);
  const refuse = refuser(choice, photo, index);
  if (aligned) return checked(eyes, asAligned(photo), refuse);
  if (landmarks) return checked(eyes, byLandmarks(photo, landmarks, nameOf(choice)), refuse);
  // Numbers are those of all faces; who asks for one face means none in the background, unless there is no other.
  const small = typeof choice.face === "number" ? "always" : "if-none";
  const faces = await locateIn(eyes, photo, choice, { signal, small });
  const number = choose(faces, choice, photo, refuse);
  if (typeof number === "object") return number;
  const { box, score, upright, landmarks: points } = faces[number];
  const { image, face } = byLandmarks(photo, points, nameOf(choice));
  const located = { source: "located" as const, box, score, number, faces: faces.length };
  return checked(eyes, { image, face: { ...face, ...located }, upright }, refuse, faces);
}

/** A face of a photo, aligned, and how good it is. */
export interface FoundFace extends LocatedFace, Pick<FaceUsed, "eyeDistance" | "sharpness" | "cutOff"> {
  /** The aligned face [104, 88]. */
  readonly image: Image;
  /** Why it would be refused, or null. */
  readonly unfit: UnfitReason | null;
}

/** Every face of `photo`, the largest first. */
export async function findFaces(
  eyes: Eyes,
  photo: Image,
  choice: FaceChoice = {},
  options: Pick<LocateOptions, "signal" | "small"> = {},
): Promise<FoundFace[]> {
  const faces = await locateIn(eyes, photo, choice, options);
  return faces.map((face) => {
    const { image, face: found } = byLandmarks(photo, face.landmarks, nameOf(choice));
    const { eyeDistance, sharpness, cutOff } = found;
    const unfit = unfitFor(eyes.limits, found, face.upright);
    return { ...face, image, eyeDistance, sharpness, cutOff, unfit };
  });
}

/** A face of a photo as answers use it. */
export interface UsedFace {
  /** The aligned face [104, 88]. */
  readonly image: Image;
  readonly face: FaceUsed;
  /** Why it would be refused, or null. */
  readonly unfit: UnfitReason | null;
}

/** Every face of `photo`, the largest first; of an aligned picture, or one whose landmarks are given, its only one. */
export async function usedFaces(
  eyes: Eyes,
  photo: Image,
  choice: FaceChoice,
  signal?: AbortSignal,
): Promise<UsedFace[]> {
  const { landmarks, aligned = !landmarks && isCrop(photo), face: wanted } = choice;
  if (wanted !== undefined) {
    throw new InputError(`${nameOf(choice)}: all faces are asked about, and face ${wanted} alone; not both`);
  }
  if (landmarks || aligned) {
    const { image, face } = landmarks ? byLandmarks(photo, landmarks, nameOf(choice)) : asAligned(photo);
    return [{ image, face, unfit: unfitFor(eyes.limits, face) }];
  }
  const faces = await findFaces(eyes, photo, choice, { signal });
  const picture = sizeOf(photo);
  return faces.map(({ image, unfit, ...found }, number) => ({
    image,
    face: { source: "located", picture, number, faces: faces.length, ...found },
    unfit,
  }));
}

/** What messages call a picture. */
export const nameOf = ({ name = "the picture" }: FaceChoice): string => name;

/** Sides of a picture. */
export const sizeOf = ({ width, height }: Image) => ({ width, height });

async function locateIn(
  { locator, limits }: Eyes,
  photo: Image,
  choice: FaceChoice,
  options: Pick<LocateOptions, "signal" | "small">,
): Promise<readonly LocatedFace[]> {
  if (!locator) {
    throw new InputError(
      `${nameOf(choice)}: there is no face detector here; give the five landmarks, or an aligned crop and say so`,
    );
  }
  try {
    const found = await locator.locate(photo, { ...options, timeoutMs: limits.timeoutMs });
    return found.filter(({ landmarks }) => isWithin(photo, centreOf(landmarks))); // more than half of the others is beyond the border
  } catch (cause) {
    if (!(cause instanceof LocateTimeout)) throw cause;
    throw new DataError(`${nameOf(choice)}: no face was found within ${limits.timeoutMs} ms`, { cause });
  }
}

type Refuse = (reason: RefusalReason, message: string, faces?: readonly LocatedFace[]) => Refusal;

const refuser =
  (choice: FaceChoice, photo: Image, index: number): Refuse =>
  (reason, message, faces = []) => ({
    ok: false,
    reason,
    message: `${nameOf(choice)}: ${message}`,
    input: index,
    picture: sizeOf(photo),
    faces,
  });

/** The number of the face that is asked about. */
function choose(
  faces: readonly LocatedFace[],
  { face: wanted = "main" }: FaceChoice,
  photo: Image,
  refuse: Refuse,
): number | Refusal {
  if (faces.length === 0) return refuse("no-face", "no face was found");
  if (typeof wanted === "number") {
    if (wanted in faces) return wanted;
    return refuse("no-such-face", `there is no face ${wanted}, only ${faces.length} (from 0)`, faces);
  }
  const likely = likelyFaces(faces);
  if (wanted === "largest" || likely.length === 1) return likely[0];
  const main = wanted === "main" ? mainFace(faces, photo) : undefined;
  const message = `${likely.length} faces were found, and it is not clear which is meant; choose one by face: its number (from 0), or largest`;
  return main ?? refuse("several-faces", message, faces);
}

/** A picture of exactly the template's size is what `deepid align` writes. */
const isCrop = ({ width, height }: Image): boolean => width === TEMPLATE.width && height === TEMPLATE.height;

/** A picture that shows an aligned face and nothing else. */
export function asAligned(photo: Image): Omit<ReadyFace, "ok"> {
  const { width, height } = photo;
  const image = isCrop(photo) ? photo : resizeRegion(photo, { x: 0, y: 0, width, height }, TEMPLATE);
  const scale = Math.min(width / TEMPLATE.width, height / TEMPLATE.height);
  return {
    image,
    face: {
      source: "aligned",
      picture: { width, height },
      landmarks: null,
      box: null,
      score: null,
      number: null,
      faces: 0,
      eyeDistance: scale * TEMPLATE_EYE_DISTANCE,
      sharpness: sharpnessOf(image),
      cutOff: 0,
    },
  };
}

function centreOf(landmarks: Landmarks): Point {
  const centre = (axis: "x" | "y") =>
    landmarks.reduce((sum, point) => sum + point[axis] / landmarks.length, 0);
  return { x: centre("x"), y: centre("y") };
}

function byLandmarks(photo: Image, landmarks: Landmarks, name: string): Omit<ReadyFace, "ok"> {
  const { width, height } = photo;
  const { x, y } = centreOf(landmarks);
  if (!(landmarks.length === 5 && isWithin(photo, { x, y }))) {
    throw new InputError(
      `${name}: needs five landmarks around a point of its ${width} x ${height} pixels, got ${landmarks.length} ` +
        `around (${x.toFixed(0)}, ${y.toFixed(0)})`,
    );
  }
  const image = alignFace(photo, landmarks);
  return {
    image: exposed(image),
    face: {
      source: "landmarks",
      picture: { width, height },
      landmarks,
      box: null,
      score: null,
      number: null,
      faces: 0,
      eyeDistance: eyeDistanceOf(landmarks),
      sharpness: sharpnessOf(image),
      cutOff: cutOffOf(landmarks, photo),
    },
  };
}

/** The face, unless it has too little to tell. */
function checked(
  { limits }: Eyes,
  { upright, ...found }: Omit<ReadyFace, "ok"> & Pick<LocatedFace, "upright">,
  refuse: Refuse,
  faces: readonly LocatedFace[] = [],
): ReadyFace | Refusal {
  const reason = unfitFor(limits, found.face, upright);
  if (reason === null) return { ok: true, ...found };
  return refuse(reason, unfitText(limits, found.face, reason), faces);
}
