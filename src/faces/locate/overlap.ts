/** Boxes that lie over one another. */
import type { Box } from "../image/index.ts";

/** Area that two boxes share over the area that they cover together. */
export function overlap(a: Box, b: Box): number {
  const both = shared(a, b);
  return both / (a.width * a.height + b.width * b.height - both);
}

/** Whether most of `box` lies in `other`, which is larger. */
export const insideAnother = (box: Box, other: Box): boolean =>
  other.width * other.height > box.width * box.height && shared(box, other) > INSIDE * box.width * box.height;

const INSIDE = 0.7;

function shared(a: Box, b: Box): number {
  const along = (from: number, length: number, other: number, otherLength: number) =>
    Math.max(0, Math.min(from + length, other + otherLength) - Math.max(from, other));
  return along(a.x, a.width, b.x, b.width) * along(a.y, a.height, b.y, b.height);
}

/** The best of those that share more than `most` of their union with one that is kept, the best first. */
export function withoutRepeats<T extends { readonly box: Box; readonly score: number }>(
  found: readonly T[],
  most: number,
): T[] {
  const kept: T[] = [];
  for (const one of [...found].sort((a, b) => b.score - a.score)) {
    if (kept.every((other) => overlap(one.box, other.box) <= most)) kept.push(one);
  }
  return kept;
}
