/**
 * A gallery for another model without a stop: the aligned pictures that its faces have are extracted anew beside its use, and
 * it changes over in one moment. Whoever is killed at it has lost what was in hand; the next goes on from there.
 */

import { isAbsolute, resolve } from "node:path";
import { DataError, InputError } from "../../base/errors/index.ts";
import type { Progress } from "../../base/progress/index.ts";
import { count } from "../../base/text/index.ts";
import { TEMPLATE } from "../../faces/face/index.ts";
import type { Image } from "../../faces/image/index.ts";
import { decodeImage } from "../../faces/pictureFiles/index.ts";
import { rowOf } from "../../matching/features/index.ts";
import { modelFolder, modelNames, openSystem } from "../../nets/models/index.ts";
import type { FaceSystem } from "../../nets/net/index.ts";
import { featuresOf } from "../answers/index.ts";
import {
  type ChangedOver,
  type FaceToExtract,
  type GalleryStore,
  type LackingRange,
  type NextGallery,
  nextGallery,
  type WithoutPicture,
} from "../gallery/index.ts";
import { galleryModelOf } from "./galleryModel.ts";

/** Faces that go through the net together, and are lost at most when the program is killed. */
const BATCH = 32;
/** Faces without a picture that are named. */
const NAMED = 1_000;
/** And shown. */
const SHOWN = 20;

/** What a change of model came to. */
export const changedText = ({ place, model, faces, erased }: ModelChangeDone): string =>
  `${place} has the model ${model} now: ${count(faces)} faces, ${count(erased)} erased`;

/** How many faces have no picture, and the first of them. */
export const withoutPictureText = ({ faces, listed }: WithoutPicture): string =>
  `${faces} faces have no aligned picture (they were enrolled without --thumbnail): ` +
  `${listed
    .slice(0, SHOWN)
    .map(({ face, person }) => `face ${face} of ${person}`)
    .join(", ")}${faces > SHOWN ? ", ..." : ""}`;

/** A face of the gallery whose picture is of no use, and why. */
export interface UselessFace {
  readonly id: number;
  readonly reason: string;
}

export interface ChangeModelOptions extends Pick<Progress, "onProgress" | "signal"> {
  /** Of an encrypted gallery. */
  readonly key?: Uint8Array;
  /** Whether faces that cannot be extracted anew are erased at the changeover (default false: it is refused then). */
  readonly leaveOut?: boolean;
  /** Told of the faces without a picture, before anything happens; default: nobody. */
  readonly onWithoutPicture?: (faces: WithoutPicture) => void;
}

export interface ModelChangeDone extends ChangedOver {
  /** Where the gallery is. */
  readonly place: string;
  /** What the model is called from here on. */
  readonly model: string;
  readonly extracted: number;
  /** Faces that were erased, as their pictures were of no use, and why. */
  readonly useless: readonly UselessFace[];
}

/** What every process finds the model by that is called `model` here: its name, or its folder. */
export const modelNamed = (model: string): string =>
  modelNames().includes(model) || isAbsolute(model) ? model : resolve(model);

/**
 * Changes the gallery in `store` over to the model `model`, a name or a folder. It can be used all the while, and is of the old
 * model until it is of the new one. An interrupted change goes on where it was. InputError, before anything is extracted, where
 * faces have no picture and may not be left out.
 *
 * @example
 * const { faces } = await changeModel(await openStore("gallery.db"), "regions");
 */
export async function changeModel(
  store: GalleryStore,
  model: string,
  { key, leaveOut = false, onWithoutPicture, onProgress, signal }: ChangeModelOptions = {},
): Promise<ModelChangeDone> {
  const system = await openSystem(modelFolder(model));
  try {
    const next = nextGallery(store, galleryModelOf(system), key);
    const choice = { name: modelNamed(model), leaveOut };
    await beginChange(next, choice, onWithoutPicture);
    const { faces: all } = await store.count();
    const done = await finishChange(system, next, {
      signal,
      onProgress: (extracted) => onProgress?.(extracted, Math.max(all, extracted)),
    });
    return { place: store.place, model: choice.name, ...done };
  } finally {
    await system.release();
  }
}

/** Begins a change of model, unless faces would be lost that may not be. */
export async function beginChange(
  next: NextGallery,
  choice: { readonly name: string; readonly leaveOut: boolean },
  onWithoutPicture: ChangeModelOptions["onWithoutPicture"] = () => {},
): Promise<void> {
  const without = await next.withoutPicture(NAMED);
  if (without.faces > 0) onWithoutPicture(without);
  if (without.faces > 0 && !choice.leaveOut) {
    throw new InputError(
      `${next.place}: nothing was begun: ${withoutPictureText(without)}. They cannot be extracted for another model: enroll ` +
        "them anew with --thumbnail, remove them, or let the changeover erase them (--leave-out)",
    );
  }
  await next.begin(choice);
}

/** Extracts whatever is lacking, also what comes meanwhile, and changes over. */
export async function finishChange(
  system: FaceSystem,
  next: NextGallery,
  { onProgress, signal }: Pick<Progress, "signal"> & { onProgress?: (extracted: number) => void } = {},
): Promise<Omit<ModelChangeDone, "place" | "model">> {
  let extracted = 0;
  for (;;) {
    const pass = await extractLacking(system, next, {
      signal,
      onExtracted(faces) {
        extracted += faces;
        onProgress?.(extracted);
      },
    });
    const done = await next.changeOver(pass.useless.map(({ id }) => id));
    if (done) return { ...done, extracted, useless: pass.useless };
  }
}

export interface ExtractLackingOptions extends Partial<Omit<LackingRange, "limit">> {
  readonly signal?: AbortSignal;
  readonly onExtracted?: (faces: number) => void;
}

/** Extracts the faces that lack their code of the next model, by id. */
export async function extractLacking(
  system: FaceSystem,
  next: NextGallery,
  { from = 0, to, signal, onExtracted }: ExtractLackingOptions = {},
): Promise<{ readonly extracted: number; readonly useless: readonly UselessFace[] }> {
  const useless: UselessFace[] = [];
  let extracted = 0;
  for (let at = from; ; ) {
    signal?.throwIfAborted();
    const faces = await next.lacking({ from: at, to, limit: BATCH });
    if (faces.length === 0) return { extracted, useless };
    const read = await Promise.all(faces.map(readPicture));
    const usable = read.flatMap((one) => ("image" in one ? [one] : []));
    for (const one of read) if ("reason" in one) useless.push(one);
    if (usable.length > 0) {
      const images = usable.map(({ image }) => image);
      const set = await featuresOf(system, images, signal);
      await next.keep(usable.map(({ id, picture }, row) => ({ id, picture, features: rowOf(set, row) })));
    }
    extracted += usable.length;
    onExtracted?.(usable.length);
    at = faces[faces.length - 1].id + 1;
  }
}

async function readPicture(
  face: FaceToExtract,
): Promise<UselessFace | { id: number; picture: Uint8Array; image: Image }> {
  if ("reason" in face) return face;
  const { id, picture } = face;
  const { width, height } = TEMPLATE;
  try {
    const image = await decodeImage(picture, `face ${id}`);
    if (image.width === width && image.height === height) return { id, picture, image };
    const reason = `its picture is ${image.width} x ${image.height} pixels, an aligned face has ${width} x ${height}`;
    return { id, reason };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return { id, reason: error.message };
  }
}
