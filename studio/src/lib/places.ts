/** Places of an aligned face by the words that people have for them. */
import type { Worth } from "./found.ts";

/** Rows of the map, from the top, and what lies in their middle and at their sides. */
const ROWS = [
  ["the hair", "the hair"],
  ["the forehead", "the hair"],
  ["the eyes", "the outline of the face"],
  ["the eyes", "the outline of the face"],
  ["the nose", "the cheeks"],
  ["the mouth", "the cheeks"],
  ["the chin", "the outline of the face"],
  ["the chin", "the outline of the face"],
] as const;
/** A place that moves the score by less says nothing. */
const LEAST = 0.1;

/** How far from the middle of the face, in columns of eight, a row's middle reaches: the nose is narrow. */
const REACH = [4, 3, 3, 3, 1, 2, 2, 2];

/** What speaks most for one person, and what most against it, in both faces together; undefined where nothing does. */
export function telling(maps: readonly Worth[]): { for?: string; against?: string } {
  const sums = new Map<string, { sum: number; count: number }>();
  for (const { columns, rows, worth } of maps) {
    for (const [place, value] of worth.entries()) {
      const row = Math.floor((8 * Math.floor(place / columns)) / rows);
      const aside = Math.abs((place % columns) + 0.5 - columns / 2) * (8 / columns);
      const word = ROWS[row][aside < REACH[row] ? 0 : 1];
      const { sum, count } = sums.get(word) ?? { sum: 0, count: 0 };
      sums.set(word, { sum: sum + value, count: count + 1 });
    }
  }
  const means = [...sums].map(([word, { sum, count }]) => ({ word, mean: sum / count }));
  means.sort((a, b) => b.mean - a.mean);
  const [most, least] = [means[0], means[means.length - 1]];
  return {
    ...(most.mean > LEAST && { for: most.word }),
    ...(least.mean < -LEAST && { against: least.word }),
  };
}
