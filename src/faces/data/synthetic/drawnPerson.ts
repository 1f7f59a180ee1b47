/** All pictures of one synthetic person, aligned. */
import { alignFace, TEMPLATE } from "../../face/index.ts";
import type { Population, SyntheticPicture } from "../../synthetic/index.ts";

export const FACE_BYTES = TEMPLATE.height * TEMPLATE.width * 3;

export interface DrawnPerson {
  readonly identity: number;
  /** [pictures, 104, 88, 3] */
  readonly faces: Uint8Array<ArrayBuffer>;
  /** [pictures] */
  readonly attributes: readonly SyntheticPicture["attributes"][];
}

export function drawPerson({ picturesPerPerson, picture }: Population, identity: number): DrawnPerson {
  const faces = new Uint8Array(picturesPerPerson * FACE_BYTES);
  const seen = [];
  for (let index = 0; index < picturesPerPerson; index++) {
    const { image, landmarks, attributes } = picture(identity, index);
    faces.set(alignFace(image, landmarks).pixels, index * FACE_BYTES);
    seen.push(attributes);
  }
  return { identity, faces, attributes: seen };
}
