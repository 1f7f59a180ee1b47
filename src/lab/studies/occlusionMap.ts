/**
 * Where a comparison looks: a grey block covers one place of a face after the other, and the score says what that
 * place was worth. Beyond the paper, whose Section 6.3 covers faces to see how long the answer holds.
 */
import type { Image } from "../../faces/image/index.ts";

/** Places of a face, and the block that covers each: 24 pixels are an eye with its brow. */
export const OCCLUSION_MAP = { columns: 8, rows: 8, block: 24, grey: 128 } as const;

/** What every place of a face adds to a score. */
export interface OcclusionMap {
  readonly columns: number;
  readonly rows: number;
  /**
   * [rows, columns], in the score's unit: how much the score falls when a block lies there. Above zero the place speaks
   * for one person, below zero for two.
   */
  readonly worth: readonly number[];
}

/**
 * The map of `face`, whose score is `score` and, covered, what `scoreOf` says. One place after the other, from the top.
 *
 * @example
 * const { worth } = await occlusionMap(face, score, async (covered) => judge(await featuresOf(covered), other).score);
 */
export async function occlusionMap(
  face: Image,
  score: number,
  scoreOf: (covered: Image) => Promise<number>,
): Promise<OcclusionMap> {
  const { columns, rows } = OCCLUSION_MAP;
  const worth: number[] = [];
  for (let place = 0; place < columns * rows; place++) {
    worth.push(score - (await scoreOf(coveredAt(face, place % columns, Math.floor(place / columns)))));
  }
  return { columns, rows, worth };
}

/** A copy of `face` with a grey block around the middle of a place. */
function coveredAt({ width, height, pixels }: Image, column: number, row: number): Image {
  const { columns, rows, block, grey } = OCCLUSION_MAP;
  const copy = Uint8Array.from(pixels);
  const from = (place: number, places: number, side: number) =>
    Math.round(((place + 0.5) * side) / places - block / 2);
  const [left, top] = [from(column, columns, width), from(row, rows, height)];
  const end = Math.min(width, left + block);
  for (let y = Math.max(0, top); y < Math.min(height, top + block); y++) {
    copy.fill(grey, 3 * (y * width + Math.max(0, left)), 3 * (y * width + end));
  }
  return { width, height, pixels: copy };
}
