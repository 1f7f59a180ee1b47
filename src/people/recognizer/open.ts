/** Opens a recognizer: the model is loaded once and stays warm. */
import { existsSync } from "node:fs";
import { InputError } from "../../base/errors/index.ts";
import { encodePng } from "../../faces/pictureFiles/index.ts";
import { DEFAULT_MODEL, modelFolder, openSystem } from "../../nets/models/index.ts";
import type { FaceSystem } from "../../nets/net/index.ts";
import type { Answer, Eyes, FaceInput, Photo, Representation } from "../answers/index.ts";
import { aboutModel, codesOf, codeText, featuresOf, neuronsOf, PICTURE_LIMITS } from "../answers/index.ts";
import type { Gallery } from "../gallery/index.ts";
import { analyze } from "./analyze.ts";
import { attributesFile, readAttributes } from "./attributes.ts";
import { type ChangingParts, changingParts } from "./changingParts.ts";
import { locatorOf } from "./finder.ts";
import { galleryModelOf } from "./galleryModel.ts";
import { identify, identifyAll } from "./identify.ts";
import { register, registerAll, remove, search } from "./known.ts";
import type { Known, Parts } from "./parts.ts";
import { locateAll, readyFace } from "./pictures.ts";
import type { Recognizer, RecognizerAbout, RecognizerOptions } from "./recognizer.ts";
import { verify } from "./verify.ts";

/**
 * Opens the model, the detector and the gallery that `options` name: the model that comes with the package, the default
 * detector and no gallery where they name none. InputError for a model that is not there, DataError for one that is damaged.
 *
 * @example
 * const faces = await openRecognizer();
 * const answer = await faces.verify("a.jpg", "b.jpg");
 * console.log(answer.ok ? answer.samePerson : answer.message);
 * await faces.release();
 */
export async function openRecognizer(options: RecognizerOptions = {}): Promise<Recognizer> {
  const { model = DEFAULT_MODEL, locator: given, photosFollow, limits, gallery: place, ...session } = options;
  const opened: { release(): Promise<void> }[] = [];
  const keep = <T extends { release(): Promise<void> }>(one: T): T => {
    opened.unshift(one);
    return one;
  };
  const release = async () => {
    for (const one of opened.splice(0)) await one.release();
  };
  /** What depends on the model; an earlier one is released with the recognizer, as somebody may still be asking it. */
  const partsFor = async (named: string, eyes: Eyes): Promise<Parts> => {
    const folder = modelFolder(named);
    const system = keep(await openSystem(folder, session));
    const file = attributesFile(folder);
    const attributes = existsSync(file) ? await readAttributes(file, system) : undefined;
    const gallery = place === undefined ? undefined : await openGalleryOf(system, place);
    if (gallery) keep({ release: () => gallery.close() });
    return { system, eyes, gallery, attributes };
  };
  try {
    const { locator, own } = await locatorOf(given);
    if (locator && own) keep(locator);
    if (photosFollow) locator?.prepare?.();
    const eyes = { locator, limits: { ...PICTURE_LIMITS, ...limits } };
    const parts = await partsFor(model, eyes);
    return recognizer(
      changingParts(parts, (named) => partsFor(named, eyes)),
      release,
    );
  } catch (error) {
    await release();
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

/** What reads data sets is loaded when it is needed: most programs ask about two photos. */
const folders = () => import("./registerFolder.ts");
const clusters = () => import("./clusterPhotos.ts");
const groups = () => import("./registerGroups.ts");

function recognizer(now: ChangingParts, release: () => Promise<void>): Recognizer {
  const known = (parts: Parts): Known => {
    if (parts.gallery) return { ...parts, gallery: parts.gallery };
    throw new InputError("recognizer: it was opened without a gallery of known people");
  };
  const ofKnown = <T>(ask: (parts: Known) => Promise<T>) => now.ask(async (parts) => ask(known(parts)));
  const parts = () => now.parts;
  return {
    get about() {
      return aboutOf(parts());
    },
    get gallery() {
      return parts().gallery;
    },
    locate: (photo, options) => locateAll(parts().eyes, photo, options),
    represent: (photo, options) => represent(parts(), photo, options),
    verify: (a, b, options) => verify(parts(), a, b, options),
    analyze: (photo, options) => analyze(parts(), photo, options),
    identify: (photo, options) => ofKnown((own) => identify(own, photo, options)),
    identifyAll: (photo, options) => ofKnown((own) => identifyAll(own, photo, options)),
    search: (photo, options) => ofKnown((own) => search(own, photo, options)),
    register: (photo, person, options) => ofKnown((own) => register(own, photo, person, options)),
    registerAll: (photos, person, options) => ofKnown((own) => registerAll(own, photos, person, options)),
    registerFolder: (folder, options) =>
      ofKnown(async (own) => (await folders()).registerFolder(own, folder, options)),
    registerPictures: (pictures, options) =>
      ofKnown(async (own) => (await folders()).registerPictures(own, pictures, options)),
    registerGroups: (photos, table, options) =>
      ofKnown(async (own) => (await groups()).registerGroups(own, photos, table, options)),
    extract: async (folder, options) =>
      (await import("./extractFolder.ts")).extractFolder(parts(), folder, options),
    cluster: async (photos, options) => (await clusters()).clusterPhotos(parts(), photos, options),
    clusterGallery: (options) =>
      ofKnown(async (own) => (await import("./clusterGallery.ts")).clusterGallery(own, options)),
    nameGroups: (table) => ofKnown(async (own) => (await import("./nameGroups.ts")).nameGroups(own, table)),
    facesOn: async (photos, options) => (await import("./facesOn.ts")).facesOn(parts(), photos, options),
    remove: (what) => ofKnown((own) => remove(own, what)),
    release,
    [Symbol.asyncDispose]: release,
  };
}

const aboutOf = ({ system, eyes, attributes }: Parts): RecognizerAbout => ({
  ...aboutModel(system),
  attributes: attributes?.names ?? [],
  locator: eyes.locator?.name ?? null,
});

async function represent(
  { system, eyes }: Parts,
  photo: Photo | FaceInput,
  { crop = false, signal }: { crop?: boolean; signal?: AbortSignal } = {},
): Promise<Answer<Representation>> {
  const ready = await readyFace(eyes, photo, { signal });
  if (!ready.ok) return ready;
  const set = await featuresOf(system, [ready.image], signal);
  return {
    ok: true,
    face: ready.face,
    features: [...set.values],
    code: codeText(codesOf(neuronsOf(system), set).codes),
    ...(crop && { crop: Buffer.from(await encodePng(ready.image)).toString("base64") }),
  };
}
