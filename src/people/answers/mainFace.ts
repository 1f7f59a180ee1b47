/** Which faces of a picture count, and which of them is the person: where a folder says whose picture it is, but not which face of it. */
import type { Size } from "../../faces/image/index.ts";
import type { LocatedFace } from "../../faces/locate/index.ts";

/**
 * A face this much less likely than the best of its picture does not count where one face is asked for: it is an emblem or a
 * painting (0.17 to 0.25 beside 0.9) more often than a person.
 */
const LEAST_LIKELY = 1 / 3;
/** Sides of faces that may be the one meant, of the largest one's. */
const RIVAL_SIDE = 0.7;
/** How much nearer to the middle the one meant is than any rival: pictures are cut around whom they show. */
const NEARER = 0.5;

/** Numbers of the faces that count where one is asked for; `faces` are those of `locate`. */
export function likelyFaces(faces: readonly Pick<LocatedFace, "score">[]): number[] {
  const best = Math.max(...faces.map(({ score }) => score));
  return [...faces.keys()].filter((index) => faces[index].score >= LEAST_LIKELY * best);
}

/**
 * The number of the face that `picture` is of: the largest, or among several of about its size the one in the middle. Undefined
 * where it is not clear which. `faces` are those of `locate`; undefined where there is none, too.
 */
export function mainFace(
  faces: readonly Pick<LocatedFace, "box" | "score">[],
  { width, height }: Size,
): number | undefined {
  const side = (index: number) => Math.sqrt(faces[index].box.width * faces[index].box.height);
  const likely = likelyFaces(faces);
  const largest = Math.max(...likely.map(side));
  const rivals = likely.filter((index) => side(index) >= RIVAL_SIDE * largest);
  if (rivals.length === 1) return rivals[0];
  const off = (index: number) => {
    const { box } = faces[index];
    return Math.hypot(box.x + box.width / 2 - width / 2, box.y + box.height / 2 - height / 2);
  };
  const [first, second] = rivals.sort((a, b) => off(a) - off(b));
  return off(first) < NEARER * off(second) ? first : undefined;
}
