/**
 * MediaPipe's face mesh: 468 points of a face that lies upright in the middle of its picture.
 * Kartynnik et al., "Real-time Facial Surface Geometry from Monocular Video on Mobile GPUs", 2019.
 */
import type { Session } from "../../math/session/index.ts";
import type { Point } from "../face/index.ts";
import { applyTo, type Box, invert, type Pyramid, type Similarity, warpPyramid } from "../image/index.ts";
import { MESH_POINTS } from "./meshLandmarks.ts";

/** Sides of what it looks at. */
const SIDE = 192;
/** Sides of what it looks at, over the longer side of the mesh. */
const MARGIN = 1.4;
/** Outer corners of the eyes, left and right in an upright picture. */
const EYES = [33, 263] as const;

/** The square of a photo that the net looks at, turned as the face is. */
export interface Frame {
  readonly centre: Point;
  readonly side: number;
  /** From the left eye to the right one, clockwise from the x axis, in radians. */
  readonly roll: number;
}

export interface Mesh {
  /** In pixels of the photo [468]. */
  readonly points: readonly Point[];
  /** That there is a face, 0 to 1. */
  readonly confidence: number;
}

/** What the net looks at. */
export interface DrawnFace {
  /** RGB [192, 192, 3]. */
  readonly pixels: Uint8Array;
  /** From the picture to the photo. */
  readonly back: Similarity;
}

export function drawFace(pyramid: Pyramid, frame: Frame): DrawnFace {
  const upright = uprightOf(frame);
  const { pixels } = warpPyramid(pyramid, upright, { width: SIDE, height: SIDE });
  return { pixels, back: invert(upright) };
}

/** The same turned upside down: as `drawFace` draws the frame that is turned by half a circle. */
export function upsideDown({ pixels, back }: DrawnFace): DrawnFace {
  const turned = new Uint8Array(pixels.length);
  for (let from = 0, to = pixels.length - 3; to >= 0; from += 3, to -= 3) {
    turned[to] = pixels[from];
    turned[to + 1] = pixels[from + 1];
    turned[to + 2] = pixels[from + 2];
  }
  const { x, y } = applyTo({ x: SIDE, y: SIDE }, back);
  return { pixels: turned, back: { a: -back.a, b: -back.b, shiftX: x, shiftY: y } };
}

/** The mesh of the face that was drawn. */
export async function fitMesh(session: Session, { pixels, back }: DrawnFace): Promise<Mesh> {
  const { mesh, confidence } = await session.run({
    picture: { shape: [1, SIDE, SIDE, 3], data: pixels },
  });
  const points = Array.from({ length: MESH_POINTS }, (_, i) =>
    applyTo({ x: mesh.data[3 * i] as number, y: mesh.data[3 * i + 1] as number }, back),
  );
  return { points, confidence: confidence.data[0] as number };
}

/** The frame of a face whose mesh is known. */
export function frameOf({ points }: Mesh): Frame {
  const { x, y, width, height } = boundsOf(points);
  return {
    centre: { x: x + width / 2, y: y + height / 2 },
    side: MARGIN * Math.max(width, height),
    roll: rollOf(points[EYES[0]], points[EYES[1]]),
  };
}

export const rollOf = (left: Point, right: Point): number => Math.atan2(right.y - left.y, right.x - left.x);

/** The smallest upright box around `points`. */
export function boundsOf(points: readonly Point[]): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** From the photo to the picture that the net sees. */
function uprightOf({ centre, side, roll }: Frame): Similarity {
  const scale = SIDE / side;
  const [a, b] = [scale * Math.cos(-roll), scale * Math.sin(-roll)];
  const turned = applyTo(centre, { a, b, shiftX: 0, shiftY: 0 });
  return { a, b, shiftX: SIDE / 2 - turned.x, shiftY: SIDE / 2 - turned.y };
}
