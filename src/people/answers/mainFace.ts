/** Which face of a person's picture is the person: where a folder says whose picture it is, but not which face of it. */
import type { Size } from "../../faces/image/index.ts";
import type { LocatedFace } from "../../faces/locate/index.ts";

/** Faces far less likely than the best are emblems and paintings more often than people. */
const LEAST_LIKELY = 0.5;
/** Sides of faces that may be the one meant, of the largest one's. */
const RIVAL_SIDE = 0.7;
/** How much nearer to the middle the one meant is than any rival: pictures are cut around whom they show. */
const NEARER = 0.5;

/**
 * The number of the face that `picture` is of: the largest, or among several of about its size the one in the middle. Undefined
 * where it is not clear which. `faces` are those of `locate`; undefined where there is none, too.
 */
export function mainFace(
  faces: readonly Pick<LocatedFace, "box" | "score">[],
  { width, height }: Size,
): number | undefined {
  const best = Math.max(...faces.map(({ score }) => score));
  const side = (index: number) => Math.sqrt(faces[index].box.width * faces[index].box.height);
  const likely = [...faces.keys()].filter((index) => faces[index].score >= LEAST_LIKELY * best);
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
