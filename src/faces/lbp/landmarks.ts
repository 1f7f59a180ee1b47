/**
 * The 21 points that the descriptor looks around, in the aligned frame.
 *
 * Source: the 21 of the 68-point scheme that dlib's `extract_highdim_face_lbp_descriptors` takes (its second "28" read
 * as 26, the outer end of the right brow, by symmetry): eye centres, ends of brows and eyes, the line of the nose,
 * nostrils, corners and lips of the mouth.
 *
 * Departure: Chen et al. (CVPR 2013) detect the points in each picture. Here each face has five known points, on which
 * it was aligned, and the 21 are TEMPLATE points, the same for every face: the template's own five, and the others at
 * the proportions of the mean annotated face (300-W, as published in OpenFace's align_dlib.py), made symmetric, with
 * nose and mouth drawn to where the template has them.
 */
import { type Point, TEMPLATE } from "../face/index.ts";

/** Half a face from the middle between the eyes: x outwards, y down, in distances between the eyes. */
const PAIRS: readonly Point[] = [
  { x: 0.5, y: 0 }, // eye centre
  { x: 0.924, y: -0.218 }, // outer end of the brow: points 17 and 26
  { x: 0.192, y: -0.249 }, // inner end of the brow: 21 and 22
  { x: 0.694, y: 0.001 }, // outer corner of the eye: 36 and 45
  { x: 0.298, y: 0.028 }, // inner corner of the eye: 39 and 42
  { x: 0.227, y: 0.751 }, // side of the nose: 31 and 35
  { x: 0.44, y: 1.051 }, // corner of the mouth: 48 and 54
];
const MIDDLE: readonly Point[] = [
  { x: 0, y: -0.019 }, // root of the nose: 27
  { x: 0, y: 0.191 }, // 28
  { x: 0, y: 0.402 }, // 29
  { x: 0, y: 0.617 }, // tip of the nose: 30
  { x: 0, y: 0.837 }, // base of the nose: 33
  { x: 0, y: 0.983 }, // upper lip: 51
  { x: 0, y: 1.309 }, // lower lip: 57
];

const [leftEye, rightEye] = TEMPLATE.landmarks;

/** Distance between the template's eyes, in pixels. */
export const EYE_DISTANCE = rightEye.x - leftEye.x;

const place = ({ x, y }: Point): Point => ({
  x: TEMPLATE.width / 2 + x * EYE_DISTANCE, // the template's own middle line lies within 0.2 pixels of the frame's
  y: (leftEye.y + rightEye.y) / 2 + y * EYE_DISTANCE,
});

/** 21 points in pixels of the aligned frame: 7 pairs (left, right, left, ...), then 7 on the middle line from the top. */
export const LBP_LANDMARKS: readonly Point[] = [
  ...PAIRS.flatMap(({ x, y }) => [place({ x: -x, y }), place({ x, y })]),
  ...MIDDLE.map(place),
];
