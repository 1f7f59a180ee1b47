/**
 * The YuNet detector.
 * Wu, Peng and Yu, "YuNet: A Tiny Millisecond-level Face Detector", Machine Intelligence Research 2023.
 *
 * Its points lie a tenth of the distance of the eyes from the true ones where faces are small or turned, so each face is
 * drawn upright at one size and looked at again, twice.
 */
import { DataError } from "../../base/errors/index.ts";
import type { Session } from "../../math/session/index.ts";
import { type Landmarks, mapLandmarks, similarityFrom, TEMPLATE } from "../face/index.ts";
import { applyTo, type Image, invert, warp } from "../image/index.ts";
import { toCanvas } from "./canvas.ts";
import { type FaceLocator, type LocatedFace, largestFirst, limitOf, scaled } from "./faceLocator.ts";
import { decodeYunet, STRIDES, YUNET_OUTPUTS } from "./yunetOutputs.ts";

/** Faces from about 10 to 300 pixels are found at this size of the photo. */
const MAX_SIDE = 640;
/** Sides of the upright picture of one face, and how many template pixels long one of its pixels is. */
const UPRIGHT = { side: 192, perTemplate: 0.6 } as const;
const PASSES = 2;

/** Faces with a lower score are left out. */
export const YUNET_MIN_SCORE = 0.6;

/** The YuNet detector whose ONNX file `path` the session has loaded; DataError where it is another kind of net. */
export async function yunetLocator(
  session: Session,
  path: string,
  minScore: number = YUNET_MIN_SCORE,
): Promise<FaceLocator> {
  const missing = YUNET_OUTPUTS.filter(
    (name) => !session.description.outputs.some((output) => output.name === name),
  );
  const [input, ...others] = session.description.inputs;
  if (missing.length > 0 || input?.shape.length !== 4 || others.length > 0) {
    await session.release();
    throw new DataError(
      `${path}: not a YuNet detector: needs one input [n, 3, height, width] and outputs ${YUNET_OUTPUTS.join(", ")}`,
    );
  }
  if (input.shape.slice(2).some((side) => typeof side === "number")) {
    await session.release();
    throw new DataError(
      `${path}: takes pictures of [${input.shape.join(", ")}] only; a YuNet file with dynamic height and width is needed`,
    );
  }
  const detect = (picture: Image) => run(session, input.name, picture, minScore);
  return {
    name: "yunet",
    async locate(photo, options = {}) {
      const checkLimit = limitOf(options);
      checkLimit();
      const canvas = toCanvas(photo, MAX_SIDE, ({ width, height }) => ({
        width: roundUp(width),
        height: roundUp(height),
      }));
      const faces: LocatedFace[] = [];
      for (const found of await detect(canvas.image)) {
        checkLimit();
        const face = scaled(found, canvas.scale);
        faces.push({ ...face, landmarks: await refine(photo, face.landmarks, detect) });
      }
      return largestFirst(faces);
    },
    release: () => session.release(),
  };
}

/** The net halves its input five times. */
const roundUp = (side: number) => Math.ceil(side / STRIDES.at(-1)!) * STRIDES.at(-1)!;

/** Looks again at the face, upright in the middle of its own picture; what is not found again stays as it was. */
async function refine(
  photo: Image,
  first: Landmarks,
  detect: (picture: Image) => Promise<LocatedFace[]>,
): Promise<Landmarks> {
  const { side, perTemplate } = UPRIGHT;
  const centred = TEMPLATE.landmarks.map(({ x, y }) => ({
    x: (x - TEMPLATE.width / 2) / perTemplate + side / 2,
    y: (y - TEMPLATE.height / 2) / perTemplate + side / 2,
  }));
  let landmarks = first;
  for (let pass = 0; pass < PASSES; pass++) {
    const upright = similarityFrom(landmarks, centred);
    const faces = await detect(warp(photo, upright, { width: side, height: side }));
    const offCentre = ({ box }: LocatedFace) =>
      Math.hypot(box.x + box.width / 2 - side / 2, box.y + box.height / 2 - side / 2);
    const [nearest] = faces.sort((a, b) => offCentre(a) - offCentre(b));
    if (!nearest || offCentre(nearest) > side / 8) break;
    const back = invert(upright);
    landmarks = mapLandmarks(nearest.landmarks, (point) => applyTo(point, back));
  }
  return landmarks;
}

async function run(
  session: Session,
  input: string,
  { width, height, pixels }: Image,
  minScore: number,
): Promise<LocatedFace[]> {
  const plane = width * height;
  const data = new Float32Array(3 * plane); // blue, green, red, 0 to 255
  for (let i = 0; i < plane; i++) {
    for (let c = 0; c < 3; c++) data[c * plane + i] = pixels[3 * i + 2 - c];
  }
  const outputs = await session.run(
    { [input]: { shape: [1, 3, height, width], data } },
    { outputs: YUNET_OUTPUTS },
  );
  return decodeYunet(outputs, { width, height }, minScore);
}
