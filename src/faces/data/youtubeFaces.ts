/**
 * YouTube Faces (Wolf, Hassner and Maoz, CVPR 2011): its list of video pairs, and frames as they are published,
 * `Person/Video/frame.jpg` below frame_images_DB or aligned_images_DB, as a folder or archive. For testing only.
 */
import { DataError, firstFew, InputError } from "../../base/errors/index.ts";
import { openFileTree } from "../../base/files/index.ts";
import type { PairList } from "../../matching/features/index.ts";
import { TEMPLATE } from "../face/index.ts";
import { type Image, resizeRegion } from "../image/index.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { readLandmarks, requireLandmarks } from "./landmarkFile.ts";
import { alignerFor } from "./people.ts";
import { nameFrom, picturesAmong } from "./pictureName.ts";
import { createSource, type FaceSource } from "./source.ts";
import { type Line, readLines } from "./textFile.ts";

type Pair = PairList["folds"][number][number];

/**
 * Reads splits.txt: a line "split, pair, Person/Video, Person/Video, 1 for one person or 0" each, splits from 1 on,
 * one after the other. A first line of titles is skipped. `a` and `b` name videos: `Person/2`.
 */
export async function readVideoPairs(path: string): Promise<PairList> {
  const lines = await readLines(path, ",");
  if (lines.length > 0 && /^\D*$/.test(lines[0].columns[0])) lines.shift();
  const folds: Pair[][] = [];
  for (const line of lines) {
    if (line.columns.length !== 5) {
      throw line.error(`needed 5 columns "1, 1, Person/0, Person/3, 1", got ${line.columns.length}`);
    }
    const split = line.count(0, "the split");
    if (split === folds.length + 1) folds.push([]);
    if (split !== folds.length) throw line.error(`split ${split} comes after split ${folds.length}`);
    folds[split - 1].push(parsePair(line));
  }
  if (folds.length < 2)
    throw new DataError(`${path}: needs two splits of pairs or more, got ${folds.length}`);
  return { folds };
}

function parsePair(line: Line): Pair {
  const [, , a, b, label] = line.columns;
  for (const video of [a, b]) {
    if (!/^[^/]+\/\d+$/.test(video))
      throw line.error(`a video must look like "Person/2", got ${JSON.stringify(video)}`);
  }
  if (label !== "0" && label !== "1")
    throw line.error(`the last column must be 0 or 1, got ${JSON.stringify(label)}`);
  if (a === b) throw line.error(`the video ${a} is paired with itself`);
  const same = label === "1";
  if ((personOf(a) === personOf(b)) !== same) {
    throw line.error(`labelled as ${same ? "one person" : "two people"}, but the videos are ${a} and ${b}`);
  }
  return { a, b, same };
}

const personOf = (video: string) => video.slice(0, video.indexOf("/"));

/** Every video that `pairs` name. */
export const videosIn = ({ folds }: PairList): Set<string> =>
  new Set(folds.flat().flatMap(({ a, b }) => [a, b]));

/** Everyone in the videos that `pairs` name. */
export const peopleInVideos = (pairs: PairList): Set<string> => new Set([...videosIn(pairs)].map(personOf));

export interface YoutubeFacesOptions {
  /** The folder or archive of frames. */
  readonly images: string;
  /** Videos wanted, `Person/2`; each must have a frame. */
  readonly videos: ReadonlySet<string>;
  /** Most frames of a video, evenly spaced over it. */
  readonly framesPerVideo?: number;
  /** Landmarks of every frame, named `Person/2/frame.jpg`. */
  readonly landmarks?: string;
  /** Without landmarks: the middle of each frame, so much of its height, shows an aligned face. 1 takes it all. */
  readonly middle?: number;
}

export const YOUTUBE_FACES_DEFAULTS = { framesPerVideo: 100 } as const satisfies Partial<YoutubeFacesOptions>;

/** Opens the frames of some videos; a face is named `Person/2/frame`. */
export async function openYoutubeFaces(options: YoutubeFacesOptions): Promise<FaceSource> {
  const { images, videos, framesPerVideo, landmarks, middle } = { ...YOUTUBE_FACES_DEFAULTS, ...options };
  if (!(Number.isInteger(framesPerVideo) && framesPerVideo >= 1)) {
    throw new InputError(
      `openYoutubeFaces: framesPerVideo must be a whole number above 0, got ${framesPerVideo}`,
    );
  }
  if (middle !== undefined && !(middle > 0 && middle <= 1 && landmarks === undefined)) {
    throw new InputError(`openYoutubeFaces: middle must be in (0, 1] and without landmarks, got ${middle}`);
  }
  const landmarksOf = landmarks === undefined ? undefined : await readLandmarks(landmarks, 3);
  const tree = await openFileTree(images);
  const framesOf = new Map<string, { file: string; name: string }[]>([...videos].map((video) => [video, []]));
  for (const { path } of picturesAmong(tree.files)) {
    const name = nameFrom(path, 3);
    framesOf.get(name.slice(0, Math.max(0, name.lastIndexOf("/"))))?.push({ file: path, name });
  }
  const missing = [...framesOf].filter(([, frames]) => frames.length === 0).map(([video]) => video);
  if (missing.length > 0) {
    throw new DataError(
      `${images}: no frames (Person/Video/frame.jpg) of ${missing.length} of ${videos.size} videos: ${firstFew(missing)}`,
    );
  }
  const frames = [...framesOf.values()].flatMap((all) => evenly(all.sort(inOrder), framesPerVideo));
  if (landmarksOf) requireLandmarks(landmarksOf, frames, { path: landmarks!, what: "frames" });
  const pictures = frames.map(({ file, name }) => ({
    name,
    file,
    identity: personOf(name),
    align: middle === undefined ? alignerFor(landmarksOf?.get(name), false) : middleOf(middle),
  }));
  const fingerprint = [
    landmarks === undefined ? "no landmarks" : await fingerprintOf(landmarks),
    `middle ${middle ?? "none"}`,
  ];
  return createSource("ytf", tree, { pictures, fingerprint });
}

const collator = new Intl.Collator("en", { numeric: true });

/** Frames by the numbers in their names: 0.9 before 0.10. */
const inOrder = (a: { file: string }, b: { file: string }) => collator.compare(a.file, b.file);

/** At most `most` items, evenly spaced. */
function evenly<T>(items: readonly T[], most: number): T[] {
  const count = Math.min(items.length, most);
  return Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)]);
}

/** Cuts out the middle of a picture, `share` of its height high and as wide as the template is to its height. */
const middleOf =
  (share: number) =>
  (photo: Image): Image => {
    const height = share * photo.height;
    const width = Math.min(photo.width, (height * TEMPLATE.width) / TEMPLATE.height);
    const box = { x: (photo.width - width) / 2, y: (photo.height - height) / 2, width, height };
    return resizeRegion(photo, box, TEMPLATE);
  };
