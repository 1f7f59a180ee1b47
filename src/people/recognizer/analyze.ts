/** What the neurons tell of a face beside who it is. */
import { InputError } from "../../base/errors/index.ts";
import type { Analysis, Answer, FaceInput, Photo } from "../answers/index.ts";
import { featuresOf } from "../answers/index.ts";
import type { Parts } from "./parts.ts";
import { readyFace } from "./pictures.ts";
import type { AnalyzeOptions } from "./recognizer.ts";

export async function analyze(
  { system, eyes, attributes }: Parts,
  photo: Photo | FaceInput,
  { neurons, signal }: AnalyzeOptions = {},
): Promise<Answer<Analysis>> {
  if (!attributes) {
    throw new InputError(
      `analyze: the model ${system.name} has no attributes; fit them on labelled faces with deepid fit-attributes`,
    );
  }
  const ready = await readyFace(eyes, photo, { signal });
  if (!ready.ok) return ready;
  const { values } = await featuresOf(system, [ready.image], signal);
  const { measuredOn } = attributes;
  return { ok: true, face: ready.face, attributes: attributes.read(values, { neurons }), measuredOn };
}
