/** Landmark files: one picture a line, its name and five points. */
import { DataError, firstFew } from "../../base/errors/index.ts";
import { type Landmarks, landmarksFrom, type Point, similarityFrom, TEMPLATE } from "../face/index.ts";
import { nameFrom } from "./pictureName.ts";
import { readLines } from "./textFile.ts";

const POINTS = 5;

/** DataError where `pictures` (`what` they are: "pictures", "frames") have no line in the landmark file at `path`. */
export function requireLandmarks(
  landmarksOf: ReadonlyMap<string, Landmarks>,
  pictures: readonly { readonly name: string }[],
  { path, what }: { readonly path: string; readonly what: string },
): void {
  const without = pictures.filter(({ name }) => !landmarksOf.has(name)).map(({ name }) => name);
  if (without.length === 0) return;
  throw new DataError(`${path}: no landmarks for ${without.length} ${what}: ${firstFew(without)}`);
}

/**
 * Reads lines of `person/photo.jpg x y x y x y x y x y` (tabs or spaces; left eye, right eye, nose tip, left and
 * right mouth corner as seen in the picture, in its pixels) into `person/photo` -> landmarks. Folders above the
 * person and lines that begin with # are skipped. Names keep the last `parts` parts of a path.
 */
export async function readLandmarks(path: string, parts = 2): Promise<Map<string, Landmarks>> {
  const landmarksOf = new Map<string, Landmarks>();
  for (const line of await readLines(path)) {
    if (line.columns[0].startsWith("#")) continue;
    if (line.columns.length !== 1 + 2 * POINTS) {
      throw line.error(
        `needed ${1 + 2 * POINTS} columns, a file and x y of ${POINTS} points, got ${line.columns.length}`,
      );
    }
    const points: Point[] = [];
    for (let i = 0; i < POINTS; i++) {
      const what = `of point ${i + 1}`;
      points.push({ x: line.number(1 + 2 * i, `x ${what}`), y: line.number(2 + 2 * i, `y ${what}`) });
    }
    const landmarks = landmarksFrom(points);
    const name = nameFrom(line.columns[0], parts);
    if (landmarksOf.has(name)) throw line.error(`${name} has landmarks already`);
    try {
      similarityFrom(landmarks, TEMPLATE.landmarks);
    } catch (error) {
      throw line.error(`no face can be aligned by these points: ${(error as Error).message}`);
    }
    landmarksOf.set(name, landmarks);
  }
  return landmarksOf;
}
