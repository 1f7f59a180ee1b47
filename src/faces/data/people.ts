/** A plain folder (or archive) of people: `person/photo.jpg`. LFW is such a folder too. */
import { DataError, firstFew } from "../../base/errors/index.ts";
import { openFileTree } from "../../base/files/index.ts";
import { alignFace, type Landmarks, TEMPLATE } from "../face/index.ts";
import { type Image, resizeRegion } from "../image/index.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { readLandmarks } from "./landmarkFile.ts";
import { nameFrom, picturesAmong } from "./pictureName.ts";
import { createSource, type FaceSource, selectPictures } from "./source.ts";

export interface PeopleOptions {
  /** The folder or archive; each picture's own folder is its person. */
  readonly images: string;
  /** Landmarks of every picture (see readLandmarks). Without it the pictures must be aligned already. */
  readonly landmarks?: string;
  /** Take pictures of any size for aligned faces and resize them to the template. */
  readonly aligned?: boolean;
  /** Names (`person/photo`, no extension) of the pictures wanted, as far as they are there; all when left out. */
  readonly only?: ReadonlySet<string>;
}

/** Opens a folder of people. */
export const openPeople = (options: PeopleOptions) => openPeopleAs("people", options);

/** Opens a folder of people as a source of the given kind. */
export async function openPeopleAs(kind: string, options: PeopleOptions): Promise<FaceSource> {
  const { images, landmarks, aligned = false, only } = options;
  const landmarksOf = landmarks === undefined ? undefined : await readLandmarks(landmarks);
  const tree = await openFileTree(images);
  const all = picturesAmong(tree.files).map(({ path }) => ({ file: path, name: nameFrom(path, 2) }));
  const stray = all.filter(({ name }) => !name.includes("/")).map(({ file }) => file);
  if (stray.length > 0) {
    throw new DataError(
      `${images}: ${stray.length} pictures lie in no person's folder (person/photo.jpg): ${firstFew(stray)}`,
    );
  }
  const files = selectPictures(all, only, images);
  if (landmarksOf) {
    const without = files.filter(({ name }) => !landmarksOf.has(name)).map(({ name }) => name);
    if (without.length > 0) {
      throw new DataError(`${landmarks}: no landmarks for ${without.length} pictures: ${firstFew(without)}`);
    }
  }
  const pictures = files.map(({ file, name }) => ({
    name,
    file,
    identity: name.slice(0, name.indexOf("/")),
    align: alignerFor(landmarksOf?.get(name), aligned),
  }));
  const fingerprint = [
    landmarks === undefined ? "no landmarks" : await fingerprintOf(landmarks),
    aligned ? "aligned" : "not aligned",
  ];
  return createSource(kind, tree, { pictures, fingerprint });
}

/** How a photo becomes an aligned face: by its landmarks, or as an aligned crop of any size, or of the template's. */
export function alignerFor(landmarks: Landmarks | undefined, aligned: boolean): (photo: Image) => Image {
  if (landmarks) {
    return (photo) => {
      checkInside(photo, landmarks);
      return alignFace(photo, landmarks);
    };
  }
  return aligned ? fitToTemplate : requireTemplate;
}

/** Landmarks far outside a picture were measured on another size of it. */
function checkInside({ width, height }: Image, landmarks: Landmarks): void {
  const x = landmarks.reduce((sum, point) => sum + point.x / landmarks.length, 0);
  const y = landmarks.reduce((sum, point) => sum + point.y / landmarks.length, 0);
  if (!(x >= 0 && x <= width && y >= 0 && y <= height)) {
    throw new DataError(
      `the centre of its landmarks, (${x.toFixed(0)}, ${y.toFixed(0)}), lies outside its ${width} x ${height} pixels`,
    );
  }
}

function fitToTemplate(photo: Image): Image {
  return resizeRegion(photo, { x: 0, y: 0, width: photo.width, height: photo.height }, TEMPLATE);
}

function requireTemplate(photo: Image): Image {
  if (photo.width === TEMPLATE.width && photo.height === TEMPLATE.height) return photo;
  throw new DataError(
    `cannot be aligned: there is no landmark file, and ${photo.width} x ${photo.height} is not the ` +
      `${TEMPLATE.width} x ${TEMPLATE.height} of an aligned crop`,
  );
}
