/** A plain folder (or archive) of people: `person/photo.jpg`. LFW is such a folder too. */
import { statSync } from "node:fs";
import { DataError } from "../../base/errors/index.ts";
import { type FileTree, openFileTree, type TreeFile, withoutExtension } from "../../base/files/index.ts";
import { alignFace, type Landmarks, TEMPLATE } from "../face/index.ts";
import { type Image, resizeRegion } from "../image/index.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { readLandmarks, requireLandmarks } from "./landmarkFile.ts";
import { foldersWithout, nameFrom, picturesAmong, strangersAmong, withoutEmpty } from "./pictureName.ts";
import { createSource, type FaceSource, type PassedOver, selectPictures } from "./source.ts";

/** Finds the face that a picture of one person is of. */
export interface FaceFinder {
  /** Equal keys find equal faces. */
  readonly key: string;
  /** That face, aligned; throws DataError where there is none, or none that is surely the one. */
  find(photo: Image): Promise<Image>;
}

export interface PeopleOptions {
  /** The folder or archive of a folder for each person; an archive may have one folder more around all of them. */
  readonly images: string;
  /** Landmarks of every picture (see readLandmarks). Without them and without a finder the pictures must be aligned already. */
  readonly landmarks?: string;
  /** Take pictures of any size for aligned faces and resize them to the template. */
  readonly aligned?: boolean;
  /** Where there are no landmarks: finds the faces of pictures that are not of the template's size. */
  readonly finder?: FaceFinder;
  /** Names (`person/photo`, no extension) of the pictures wanted, as far as they are there; all when left out. */
  readonly only?: ReadonlySet<string>;
}

/** Opens a folder of people. */
export const openPeople = (options: PeopleOptions) => openPeopleAs("people", options);

/** Opens a folder of people as a source of the given kind. */
export async function openPeopleAs(kind: string, options: PeopleOptions): Promise<FaceSource> {
  const { images, landmarks, aligned = false, only } = options;
  const finder = landmarks === undefined && !aligned ? options.finder : undefined;
  const landmarksOf = landmarks === undefined ? undefined : await readLandmarks(landmarks);
  const tree = await openFileTree(images);
  const { pictures: all, passedOver } = picturesOfPeople(tree, only !== undefined);
  const files = selectPictures(all, only, images);
  if (landmarksOf) requireLandmarks(landmarksOf, files, { path: landmarks!, what: "pictures" });
  const pictures = files.map(({ file, name }) => ({
    name,
    file,
    identity: name.slice(0, name.indexOf("/")),
    align: finder ? finding(finder) : alignerFor(landmarksOf?.get(name), aligned),
  }));
  const fingerprint = [
    landmarks === undefined ? "no landmarks" : await fingerprintOf(landmarks),
    aligned ? "aligned" : "not aligned",
    ...(finder ? [finder.key] : []),
  ];
  return createSource(kind, tree, { pictures, fingerprint, passedOver: only ? [] : passedOver });
}

/**
 * Each person's pictures, of those that differ in their ending only one; and what lies beside them. Empty files are among
 * the latter, unless the pictures are `named`: whoever names one is told what is wrong with it.
 */
function picturesOfPeople({ path: images, files, folders }: FileTree, named: boolean) {
  const all = picturesAmong(files);
  const { pictures: found, empty } = named ? { pictures: all, empty: [] } : withoutEmpty(all);
  if (all.length > 0 && found.length === 0) {
    throw new DataError(`${images}: none of its ${all.length} pictures can be used: ${empty[0].reason}`);
  }
  const pictures = new Map<string, { file: string; name: string }>();
  const misplaced: PassedOver[] = [];
  const root = statSync(images).isDirectory() ? 0 : foldersAround(found);
  const passedOver = [...strangersAmong(files, all), ...foldersWithout(all, folders, root), ...empty];
  for (const { path: file } of found) {
    const name = nameFrom(file, 2);
    const place = withoutExtension(file);
    const other = pictures.get(place);
    const reason = misplacement(file.split("/").length - 1 - root);
    if (reason) misplaced.push({ file, reason: `${file}: ${reason}` });
    else if (!other) pictures.set(place, { file, name });
    else {
      // Phones keep a photo as HEIC and as JPEG; lists of pictures know both by one name.
      const [kept, left] = UNREADABLE.test(other.file) ? [file, other.file] : [other.file, file];
      pictures.set(place, { file: kept, name });
      passedOver.push({ file: left, reason: `${left}: ${kept} has the same name, and is taken` });
    }
  }
  if (misplaced.length > 0 && pictures.size === 0) {
    throw new DataError(
      `${images}: none of its ${misplaced.length} pictures lies in a person's folder: ${misplaced[0].reason}`,
    );
  }
  return { pictures: [...pictures.values()], passedOver: [...passedOver, ...misplaced] };
}

/** How many folders lie around all people's folders, as archives have them. */
function foldersAround(pictures: readonly TreeFile[]): number {
  const paths = pictures.map(({ path }) => path.split("/"));
  const deepest = paths.reduce((most, { length }) => Math.max(most, length), 0);
  let around = 0;
  while (around + 2 < deepest && paths.every((path) => path[around] === paths[0][around])) around++;
  return around;
}

/** The person of a picture that lies deeper is not known: Ann/2024/1.jpg and Bo/2024/2.jpg do not show one person, "2024". */
function misplacement(folders: number): string | undefined {
  if (folders === 1) return undefined;
  return folders < 1
    ? "lies in no person's folder; needed person/photo.jpg"
    : `lies ${folders} folders deep; needed person/photo.jpg`;
}

/** Endings of pictures that are not read. */
const UNREADABLE = /\.(?:hei[cf]|bmp|p[bgnp]m|jxl|jp2)$/i;

/** A picture of the template's size is an aligned face; in others it is found. */
const finding =
  ({ find }: FaceFinder) =>
  async (photo: Image): Promise<Image> =>
    photo.width === TEMPLATE.width && photo.height === TEMPLATE.height ? photo : find(photo);

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
