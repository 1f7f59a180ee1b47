/** Folders of people into a gallery: faces found, aligned and registered, picture by picture; an interrupted one resumes. */
import { nameKey, personName } from "../../base/names/index.ts";
import {
  type AlignedFaces,
  type AlignedPicture,
  alignEach,
  eachAligned,
  type FaceSource,
  openPeople,
  type PassedOver,
} from "../../faces/data/index.ts";
import { TEMPLATE } from "../../faces/face/index.ts";
import { createImage } from "../../faces/image/index.ts";
import { finderBy } from "./finder.ts";
import type { Known } from "./parts.ts";
import { unfitReason } from "./pictures.ts";
import { PICTURE_FIELD, registering, storedGallery } from "./registerBatches.ts";

export interface PicturesOptions {
  /** Whether aligned faces are kept as pictures (default false: codes and numbers only). */
  readonly thumbnail?: boolean;
  /** Names of the pictures wanted; default: all. */
  readonly only?: ReadonlySet<string>;
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops between two pictures; what was registered stays. */
  readonly signal?: AbortSignal;
}

export interface RegisterFolderOptions extends PicturesOptions {
  /** A file of landmarks of every picture (see `readLandmarks`): nothing is detected then. */
  readonly landmarks?: string;
  /** The pictures show aligned faces and nothing else, of any size. */
  readonly aligned?: boolean;
}

export interface FolderRegistration {
  /** Pictures that were added now, and those that were there before. */
  readonly added: number;
  readonly known: number;
  /** What could not be used, and why. */
  readonly passedOver: readonly PassedOver[];
  /** Where the gallery is. */
  readonly place: string;
  /** In the gallery, now. */
  readonly people: number;
  readonly faces: number;
}

export async function registerFolder(
  known: Known,
  folder: string,
  { landmarks, aligned, ...options }: RegisterFolderOptions = {},
): Promise<FolderRegistration> {
  const { locator, limits } = known.eyes;
  const finder = locator && finderBy({ locator, limits });
  return registerPictures(known, await openPeople({ images: folder, landmarks, aligned, finder }), options);
}

export async function registerPictures(
  { system, gallery: given }: Known,
  pictures: FaceSource | AlignedFaces,
  { thumbnail = false, only, onProgress, signal }: PicturesOptions = {},
): Promise<FolderRegistration> {
  const gallery = storedGallery(given);
  const { names, files, identities, passedOver: left, each } = listed(pictures);
  const passedOver = [...left];
  const asked = only ? names.filter((name) => only.has(name)) : names;
  const there = new Set(await gallery.store.valuesThere(PICTURE_FIELD, asked.map(nameKey)));
  const isAsked = (row: number) => only === undefined || only.has(names[row]);
  const isKnown = (row: number) => there.has(nameKey(names[row]));
  const deceiving = deceivingNames(identities);
  const batches = registering(system, gallery, { thumbnail, signal });
  const wanted = (row: number) => isAsked(row) && !(isKnown(row) || deceiving.has(identities[row]));
  for (const [row, file] of files.entries()) {
    if (!isAsked(row)) continue;
    const reason = isKnown(row) ? undefined : deceiving.get(identities[row]);
    if (reason) passedOver.push({ file, reason: `${file}: ${reason}` });
  }
  const total = [...names.keys()].filter(wanted).length;
  let done = 0;
  for await (const { index: row, face, reason } of each({ wanted, signal })) {
    const unfit = face && unfitReason(face);
    if (!face) passedOver.push({ file: files[row], reason });
    else if (unfit) passedOver.push({ file: files[row], reason: `${files[row]}: ${unfit}` });
    else {
      const image = createImage(TEMPLATE.width, TEMPLATE.height, face);
      await batches.add({ person: identities[row], picture: names[row], image });
    }
    onProgress?.(++done, total);
  }
  const added = await batches.finish();
  const known = names.filter((_, row) => isKnown(row)).length;
  return { added, known, passedOver, place: gallery.store.place, ...(await gallery.count()) };
}

interface Listed {
  readonly names: readonly string[];
  readonly files: readonly string[];
  readonly identities: readonly string[];
  readonly passedOver: readonly PassedOver[];
  each(options: Parameters<typeof alignEach>[1]): AsyncGenerator<AlignedPicture>;
}

function listed(pictures: FaceSource | AlignedFaces): Listed {
  if ("readRange" in pictures) {
    const { names, identities } = pictures;
    return {
      names,
      files: names,
      identities,
      passedOver: [],
      each: (options) => eachAligned(pictures, options),
    };
  }
  return {
    names: pictures.pictures.map(({ name }) => name),
    files: pictures.pictures.map(({ file }) => file),
    identities: pictures.pictures.map(({ identity }) => identity),
    passedOver: pictures.passedOver,
    each: (options) => alignEach(pictures, options),
  };
}

/** The people whose names cannot be kept, and why. */
function deceivingNames(identities: readonly string[]): Map<string, string> {
  const reasons = new Map<string, string>();
  for (const person of new Set(identities)) {
    try {
      personName(person, "its folder");
    } catch (error) {
      reasons.set(person, (error as Error).message);
    }
  }
  return reasons;
}
