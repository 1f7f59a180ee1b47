/** Copies of photos with boxes and names on them. */
import { join, relative, resolve } from "node:path";
import { InputError } from "../../base/errors/index.ts";
import { checkWritable, writeFileAtomic, writingTo } from "../../base/files/index.ts";
import { namedPicture } from "../../faces/detectors/index.ts";
import type { Image } from "../../faces/image/index.ts";
import type { FaceRecognition } from "../answers/index.ts";

/** Where the copy of each photo goes. */
export type Places = ReadonlyMap<string, string>;

/**
 * Places for copies of `photos`: `place` itself for `one`, or files in the folder `place` that lie there as the photos
 * do below the folder they have in common. InputError where two would be one, or a photo would be written over.
 */
export function placesForCopies(place: string, photos: readonly string[], one: boolean): Places {
  checkWritable(place, one ? "file" : "folder");
  if (one && !PICTURE.test(place)) {
    throw new InputError(`--picture ${place}: of one photo a .jpg or .png file is needed`);
  }
  if (!one && PICTURE.test(place)) {
    throw new InputError(
      `--picture ${place}: of several photos a folder is needed, got the name of a picture`,
    );
  }
  const common = commonFolder(photos.map((photo) => resolve(photo)));
  const places = new Map<string, string>();
  const taken = new Map<string, string>();
  for (const photo of photos) {
    const path = relative(common, resolve(photo));
    const to = one ? place : join(place, PICTURE.test(path) ? path : `${path}.jpg`);
    if (resolve(to) === resolve(photo)) {
      throw new InputError(`--picture ${place}: ${photo} would be written over; choose another place`);
    }
    const other = taken.get(to);
    if (other !== undefined)
      throw new InputError(`--picture ${place}: ${other} and ${photo} would both become ${to}`);
    taken.set(to, photo);
    places.set(photo, to);
  }
  return places;
}

const PICTURE = /\.(?:jpe?g|png)$/i;

function commonFolder(paths: readonly string[]): string {
  let common = resolve(paths[0], "..");
  while (!paths.every((path) => path.startsWith(common === "/" ? common : `${common}/`)))
    common = resolve(common, "..");
  return common;
}

/** Writes `photo` with `faces` on it to the file `to`. */
export async function writeNamed(to: string, photo: Image, faces: readonly FaceRecognition[]): Promise<void> {
  const shown = faces.map(
    ({ face, person, verdict }) =>
      ({
        box: face.box,
        name: person?.name ?? "unknown",
        sure: !person ? "no" : verdict === "same" ? "yes" : "probably",
      }) as const,
  );
  const file = await namedPicture(photo, shown, /\.png$/i.test(to) ? "png" : "jpeg");
  await writingTo(to, () => writeFileAtomic(to, file));
}
