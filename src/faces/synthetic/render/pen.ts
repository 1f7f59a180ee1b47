/** Strokes and filled outlines on a canvas, for thin things that stand in front of the face. */
import type { Colour } from "../colours.ts";
import type { Buffer } from "./raster.ts";
import type { Canvas } from "./shade.ts";
import { clamp, step } from "./smooth.ts";

/** A canvas and the surfaces already on it. */
export interface Sheet {
  readonly canvas: Canvas;
  readonly buffer: Buffer;
}

/**
 * Draws straight lines through projected `points` [n, 3] with a round pen `width` pixels wide; only where no
 * surface is nearer if `hidden`.
 */
export function strokeLine(
  { canvas, buffer }: Sheet,
  points: Float64Array,
  { width, colour, hidden = false }: { width: number; colour: Colour; hidden?: boolean },
): void {
  const { size, depth } = buffer;
  const half = Math.max(0.5, width / 2);
  const strength = Math.min(1, width); // thinner than a pixel: fainter instead
  const span = (a: number, b: number) => ({
    first: Math.max(0, Math.floor(Math.min(a, b) - half - 0.5)),
    last: Math.min(size - 1, Math.floor(Math.max(a, b) + half + 0.5)),
  });
  for (let k = 3; k < points.length; k += 3) {
    const ax = points[k - 3];
    const ay = points[k - 2];
    const dx = points[k] - ax;
    const dy = points[k + 1] - ay;
    const squared = dx * dx + dy * dy || 1;
    const rows = span(ay, ay + dy);
    const columns = span(ax, ax + dx);
    for (let y = rows.first; y <= rows.last; y++) {
      for (let x = columns.first; x <= columns.last; x++) {
        const t = clamp(((x + 0.5 - ax) * dx + (y + 0.5 - ay) * dy) / squared, 0, 1);
        const z = points[k - 1] + t * (points[k + 2] - points[k - 1]);
        if (hidden && depth[y * size + x] > z + 0.03) continue;
        const ex = x + 0.5 - ax - t * dx;
        const ey = y + 0.5 - ay - t * dy;
        const covered = step(half + 0.5, half - 0.5, Math.sqrt(ex * ex + ey * ey));
        cover(canvas, y * size + x, colour, strength * covered);
      }
    }
  }
}

/** Fills the convex outline through projected `points` [n, 3]; `opacity` 0 to 1. */
export function fillOutline(
  { canvas, buffer }: Sheet,
  points: Float64Array,
  colour: Colour,
  opacity: number,
): void {
  const { size } = buffer;
  for (let y = 0; y < size; y++) {
    let left = Infinity;
    let right = -Infinity;
    for (let k = 0; k < points.length; k += 3) {
      const next = (k + 3) % points.length;
      const above = points[k + 1] - y - 0.5;
      const below = points[next + 1] - y - 0.5;
      if (above > 0 === below > 0) continue;
      const x = points[k] + ((points[next] - points[k]) * above) / (above - below);
      left = Math.min(left, x);
      right = Math.max(right, x);
    }
    for (let x = Math.max(0, Math.floor(left)); x <= Math.min(size - 1, right); x++) {
      cover(canvas, y * size + x, colour, opacity * clamp(Math.min(x + 1 - left, right - x), 0, 1));
    }
  }
}

function cover(canvas: Canvas, pixel: number, colour: Colour, amount: number): void {
  for (let i = 0; i < 3; i++) canvas[pixel * 3 + i] += (colour[i] - canvas[pixel * 3 + i]) * amount;
}
