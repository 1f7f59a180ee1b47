/** Groups that have got names into a gallery: each face is found again on its photo. */
import { DataError, InputError } from "../../base/errors/index.ts";
import { nameKey } from "../../base/names/index.ts";
import type { PassedOver } from "../../faces/data/index.ts";
import type { Box } from "../../faces/image/index.ts";
import type { Photo } from "../answers/index.ts";
import { askEach, openAll, type Photos } from "./eachPhoto.ts";
import { type NamedRow, readNamedGroups } from "./groupsFile.ts";
import type { Known } from "./parts.ts";
import { facesOf } from "./pictures.ts";
import { PICTURE_FIELD, registering, storedGallery } from "./registerBatches.ts";
import type { FolderRegistration, PicturesOptions } from "./registerFolder.ts";

/** Pixels by which a face may lie elsewhere than when it was grouped: the table has whole numbers. */
const NEAR = 2;

export async function registerGroups(
  { system, eyes, gallery: given }: Known,
  photos: Photos,
  table: string,
  { thumbnail, onProgress, signal }: PicturesOptions = {},
): Promise<FolderRegistration> {
  const gallery = storedGallery(given);
  const [rows, opened] = [await readNamedGroups(table), await openAll(photos)];
  const stranger = rows.find(({ photo }) => !opened.names.includes(photo));
  if (stranger) {
    throw new InputError(
      `${table}: its photo ${stranger.photo} is not among the photos given; give those that were grouped`,
    );
  }
  const pictures = rows.map(({ photo, face }) => nameKey(`${photo}#${face}`));
  const there = new Set(await gallery.store.valuesThere(PICTURE_FIELD, pictures));
  const missing = rows.filter((_, row) => !there.has(pictures[row]));
  const wanted = new Map<string, NamedRow[]>();
  for (const row of missing) wanted.set(row.photo, [...(wanted.get(row.photo) ?? []), row]);
  const passedOver: PassedOver[] = [];
  const batches = registering(system, gallery, { thumbnail, signal });
  const register = async (photo: string, bytes: Photo) => {
    const { faces } = await facesOf(eyes, { ...opened.inputOf(photo), photo: bytes }, signal);
    for (const { person, face, box } of wanted.get(photo)!) {
      const found = faces[face];
      if (!(found && found.unfit === null && isNear(found.face.box, box))) {
        throw new DataError(`${photo}: face ${face} is not where ${table} says; group the photos anew`);
      }
      await batches.add({ person, picture: nameKey(`${photo}#${face}`), image: found.image });
    }
  };
  const asked = { names: [...wanted.keys()], read: () => opened.read((name) => wanted.has(name)) };
  await askEach(asked, register, { onPassedOver: (one) => passedOver.push(one), onProgress, signal });
  const added = await batches.finish();
  return {
    added,
    known: rows.length - missing.length,
    passedOver,
    place: gallery.store.place,
    ...(await gallery.count()),
  };
}

const isNear = (a: Box | null, b: Box | null): boolean =>
  a === null || b === null
    ? a === b
    : (["x", "y", "width", "height"] as const).every((side) => Math.abs(a[side] - b[side]) <= NEAR);
