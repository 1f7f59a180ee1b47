/** A photo and its landmarks to a face in the template's frame, by a similarity transform as in the paper's family (DeepID2, NIPS 2014). */
import { type Image, warp } from "../image/index.ts";
import type { Landmarks } from "./landmarks.ts";
import { similarityFrom } from "./similarityFrom.ts";
import { TEMPLATE } from "./template.ts";

/** Draws the face at `landmarks` of `photo` upright into the template's frame of 88 x 104 pixels. */
export function alignFace(photo: Image, landmarks: Landmarks): Image {
  return warp(photo, similarityFrom(landmarks, TEMPLATE.landmarks), TEMPLATE);
}
