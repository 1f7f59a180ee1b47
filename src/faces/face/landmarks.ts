/** The five points a face is aligned by. */

import { InputError } from "../../base/errors/index.ts";

/** A place in a picture, in continuous pixels from its top left corner, y downwards. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Left eye, right eye, nose tip, left and right mouth corner; left and right as seen in the picture. */
export type Landmarks = readonly [
  leftEye: Point,
  rightEye: Point,
  noseTip: Point,
  leftMouth: Point,
  rightMouth: Point,
];

/** Five points as landmarks; a bug where there are more or fewer. */
export function landmarksFrom(points: readonly Point[]): Landmarks {
  if (points.length !== 5) throw new Error(`landmarks: needs 5 points, got ${points.length}`);
  const [leftEye, rightEye, noseTip, leftMouth, rightMouth] = points;
  return [leftEye, rightEye, noseTip, leftMouth, rightMouth];
}

/** What `change` makes of each landmark. */
export function mapLandmarks(landmarks: Landmarks, change: (point: Point) => Point): Landmarks {
  const [leftEye, rightEye, noseTip, leftMouth, rightMouth] = landmarks;
  return [change(leftEye), change(rightEye), change(noseTip), change(leftMouth), change(rightMouth)];
}

/** The landmarks of the mirror image of a picture that is `width` pixels wide. */
export function mirrorLandmarks(landmarks: Landmarks, width: number): Landmarks {
  const [leftEye, rightEye, noseTip, leftMouth, rightMouth] = landmarks;
  const flip = ({ x, y }: Point): Point => ({ x: width - x, y });
  return [flip(rightEye), flip(leftEye), flip(noseTip), flip(rightMouth), flip(leftMouth)];
}

/** The landmarks that ten numbers with commas between them are; throws where they are not. */
export function landmarksIn(text: string): Landmarks {
  const values = text.split(",").map(Number);
  if (!(values.length === 10 && values.every(Number.isFinite))) {
    throw new InputError("Ten numbers are needed: x,y of left eye, right eye, nose tip, mouth corners.");
  }
  return landmarksFrom([0, 2, 4, 6, 8].map((i) => ({ x: values[i], y: values[i + 1] })));
}
