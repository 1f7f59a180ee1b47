/** Who is on a photo, asked for photos one after another: every face or the chosen one, and copies with names on them. */
import { decodeImage } from "../../faces/pictureFiles/index.ts";
import type { Answer, FaceInput, Recognitions, WhichFace } from "../answers/index.ts";
import { type Places, writeNamed } from "./namedPictures.ts";
import { bytesOf } from "./photo.ts";
import type { IdentifyOptions, Recognizer } from "./recognizer.ts";

export interface IdentifyPhotosOptions extends IdentifyOptions {
  /** The face that is chosen; left out: every face of the photo. */
  readonly face?: WhichFace;
  /** Whether one photo alone is asked about: only then is one without a face refused. */
  readonly one: boolean;
}

/** Answers for a photo's faces, and draws the answer where `places` gives a place for it. */
export async function identifyPhoto(
  recognizer: Recognizer,
  input: FaceInput,
  places: Places,
  options: IdentifyPhotosOptions,
): Promise<Answer<Recognitions>> {
  const { face, one, ...asked } = options;
  const ask = (given: FaceInput) =>
    face === undefined ? everyFace(recognizer, given, asked, one) : oneFace(recognizer, given, asked);
  const name = input.name!;
  const to = places.get(name);
  if (to === undefined) return ask(input);
  const photo = await decodeImage(await bytesOf(input.photo, name), name);
  const answer = await ask({ ...input, photo });
  if (answer.ok) await writeNamed(to, photo, answer.faces);
  return answer;
}

/** Among many a photo without faces is none the less answered. */
async function everyFace(
  recognizer: Recognizer,
  input: FaceInput,
  asked: IdentifyOptions,
  one: boolean,
): Promise<Answer<Recognitions>> {
  const found = await recognizer.identifyAll(input, asked);
  if (!one || found.faces.length > 0) return { ok: true, ...found };
  const { picture } = found;
  const message = `${input.name}: no face was found`;
  return { ok: false, reason: "no-face", message, input: 0, picture, faces: [] };
}

/** The face that was chosen, as one of a photo's. */
async function oneFace(
  recognizer: Recognizer,
  input: FaceInput,
  asked: IdentifyOptions,
): Promise<Answer<Recognitions>> {
  const answer = await recognizer.identify(input, asked);
  if (!answer.ok) return answer;
  const { threshold, people, falseAlarmRate, ok, ...face } = answer;
  const { picture } = face.face;
  return { ok, picture, threshold, people, falseAlarmRate, faces: [{ ...face, unfit: null }] };
}
