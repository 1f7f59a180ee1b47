/** One face against many photos. */
import { DataError } from "../../base/errors/index.ts";
import { decodeImage } from "../../faces/pictureFiles/index.ts";
import type { Answer, FaceInput, VerifyResult } from "../answers/index.ts";
import type { DecisionOptions, Recognizer } from "./recognizer.ts";

/**
 * What compares the face of `a` with that of any other photo, as `verify` does; it is found once. DataError where `a` shows no face
 * that can be compared.
 */
export async function verifyAgainst(
  recognizer: Recognizer,
  a: FaceInput,
  options: DecisionOptions = {},
): Promise<(b: FaceInput) => Promise<Answer<VerifyResult>>> {
  const found = await recognizer.represent(a, { crop: true, signal: options.signal });
  if (!found.ok) throw new DataError(found.message);
  const crop = await decodeImage(Buffer.from(found.crop!, "base64"), "the aligned face");
  const face: FaceInput = { photo: crop, aligned: true, name: a.name };
  return async (b) => {
    const answer = await recognizer.verify(face, b, options);
    if (answer.ok) return { ...answer, faces: [found.face, answer.faces[1]] };
    return { ...answer, input: 1 };
  };
}
