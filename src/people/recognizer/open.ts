/** Opens a recognizer: the model is loaded once and stays warm. */
import { existsSync } from "node:fs";
import { InputError } from "../../base/errors/index.ts";
import { encodePng } from "../../faces/pictureFiles/index.ts";
import { openSystem } from "../../nets/models/index.ts";
import type { FaceSystem } from "../../nets/net/index.ts";
import type { Answer, FaceInput, Representation } from "../answers/index.ts";
import { codesOf, featuresOf, fingerprintOf, hexOf, neuronsOf, PICTURE_LIMITS } from "../answers/index.ts";
import type { Gallery } from "../gallery/index.ts";
import { analyze } from "./analyze.ts";
import { attributesFile, readAttributes } from "./attributes.ts";
import { galleryModelOf } from "./galleryModel.ts";
import { identify, register, registerAll, remove, search } from "./known.ts";
import type { Parts } from "./parts.ts";
import { locateAll, readyFace } from "./pictures.ts";
import type { Recognizer, RecognizerAbout, RecognizerOptions } from "./recognizer.ts";
import { verify } from "./verify.ts";

/**
 * Opens the model (and the gallery) named in `options`.
 *
 * @example
 * await using recognizer = await openRecognizer({ model: "models/whole-face", locator: openHumanLocator() });
 * const answer = await recognizer.verify({ bytes: await readFile("a.jpg") }, { bytes: await readFile("b.jpg") });
 */
export async function openRecognizer(options: RecognizerOptions): Promise<Recognizer> {
  const { model, locator, limits, gallery: place, ...session } = options;
  const system = await openSystem(model, session);
  try {
    const file = attributesFile(model);
    const attributes = existsSync(file) ? await readAttributes(file, system) : undefined;
    const gallery = place === undefined ? undefined : await openGalleryOf(system, place);
    const eyes = { locator, limits: { ...PICTURE_LIMITS, ...limits } };
    return recognizer({ system, eyes, gallery, attributes });
  } catch (error) {
    await system.release();
    throw error;
  }
}

/** Who asks about two photos needs no database: its drivers are loaded with the first gallery. */
async function openGalleryOf(
  system: FaceSystem,
  place: NonNullable<RecognizerOptions["gallery"]>,
): Promise<Gallery> {
  const model = galleryModelOf(system);
  if (typeof place !== "string") return place(model);
  const { openGallery } = await import("../gallery/index.ts");
  return openGallery(place, model);
}

function recognizer(parts: Parts): Recognizer {
  const { system, eyes, gallery } = parts;
  const known = () => {
    if (gallery) return { ...parts, gallery };
    throw new InputError("recognizer: it was opened without a gallery of known people");
  };
  const release = async () => {
    await gallery?.close();
    await system.release();
  };
  return {
    about: aboutOf(parts),
    gallery,
    locate: (input, options) => locateAll(eyes, input, options),
    represent: (input, options) => represent(parts, input, options),
    verify: (a, b, options) => verify(parts, a, b, options),
    analyze: (input, options) => analyze(parts, input, options),
    identify: async (input, options) => identify(known(), input, options),
    search: async (input, options) => search(known(), input, options),
    register: async (input, person, options) => register(known(), input, person, options),
    registerAll: async (inputs, person, options) => registerAll(known(), inputs, person, options),
    remove: async (what) => remove(known(), what),
    release,
    [Symbol.asyncDispose]: release,
  };
}

const aboutOf = ({ system, eyes, attributes }: Parts): RecognizerAbout => ({
  model: system.name,
  licence: system.licence,
  nets: system.parts.map(({ card }) => card.region.name),
  dimension: system.dimension,
  codeBits: neuronsOf(system),
  calibrated: system.matcher.calibration !== undefined,
  attributes: attributes?.names ?? [],
  locator: eyes.locator?.name ?? null,
  fingerprint: fingerprintOf(system),
});

async function represent(
  { system, eyes }: Parts,
  input: FaceInput,
  { crop = false, signal }: { crop?: boolean; signal?: AbortSignal } = {},
): Promise<Answer<Representation>> {
  const ready = await readyFace(eyes, input, { signal });
  if (!ready.ok) return ready;
  const set = await featuresOf(system, [ready.image], signal);
  return {
    ok: true,
    face: ready.face,
    features: [...set.values],
    code: hexOf(codesOf(neuronsOf(system), set).codes),
    ...(crop && { crop: Buffer.from(await encodePng(ready.image)).toString("base64") }),
  };
}
