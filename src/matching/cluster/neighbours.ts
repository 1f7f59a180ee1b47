/** The nearest codes of each code: the pairs that are worth comparing by likelihood ratio. */
import { bitCount } from "../../base/bits/index.ts";
import type { BinaryCodes } from "../features/index.ts";

/** The rows whose codes are the `most` nearest to that of `row`; of equally distant ones the first. */
export function nearestCodes({ codes, rows, words, bits }: BinaryCodes, row: number, most: number): number[] {
  const distances = new Uint16Array(rows);
  const counts = new Uint32Array(bits + 1);
  const from = row * words;
  for (let other = 0, at = 0; other < rows; other++) {
    let distance = 0;
    for (let word = 0; word < words; word++, at++) distance += bitCount(codes[at] ^ codes[from + word]);
    distances[other] = distance;
    if (other !== row) counts[distance]++;
  }
  let [limit, below] = [0, 0]; // all nearer than `limit` are taken, and as many at `limit` as there is room for
  while (limit < bits && below + counts[limit] <= most) below += counts[limit++];
  let room = most - below;
  const nearest: number[] = [];
  for (let other = 0; other < rows; other++) {
    if (other === row || distances[other] > limit) continue;
    if (distances[other] < limit || room-- > 0) nearest.push(other);
  }
  return nearest;
}
