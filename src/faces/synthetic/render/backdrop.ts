/** The blurred surroundings of a portrait: a wash of colours with a few soft lights or panels. */
import type { Shot } from "../shot.ts";
import type { Canvas } from "./shade.ts";
import { lattice, mix, noise, step } from "./smooth.ts";

const GRID = 40; // cells a side: the backdrop is out of focus, and drawn no finer than this

/** Fills `canvas` [size, size, 3] with the backdrop of `shot`. */
export function paintBackdrop(canvas: Canvas, size: number, shot: Shot): void {
  const coarse = drawCoarse(shot);
  const row3 = (GRID + 1) * 3;
  for (let row = 0, k = 0; row < size; row++) {
    const gy = ((row + 0.5) / size) * GRID;
    const y0 = Math.floor(gy);
    const fy = gy - y0;
    for (let column = 0; column < size; column++) {
      const gx = ((column + 0.5) / size) * GRID;
      const x0 = Math.floor(gx);
      const fx = gx - x0;
      const at = y0 * row3 + x0 * 3;
      for (let i = 0; i < 3; i++, k++) {
        const top = mix(coarse[at + i], coarse[at + i + 3], fx);
        const bottom = mix(coarse[at + row3 + i], coarse[at + row3 + i + 3], fx);
        canvas[k] = mix(top, bottom, fy);
      }
    }
  }
}

/** The backdrop at the corners of the grid's cells, [GRID + 1, GRID + 1, 3]. */
function drawCoarse({ background, light }: Shot): Float64Array {
  const { seed, colours } = background;
  const coarse = new Float64Array((GRID + 1) * (GRID + 1) * 3);
  const lit = (light.ambient + 0.5 * light.strength) * 0.9;
  const lamps = drawLamps(seed, background.detail);
  for (let row = 0, k = 0; row <= GRID; row++) {
    const y = row / GRID;
    for (let column = 0; column <= GRID; column++) {
      const x = column / GRID;
      const a = step(0.25, 0.75, noise(x * 2.2 + 5, y * 2.2, seed));
      const b = step(0.3, 0.7, noise(x * 3.1, y * 1.4 + 9, seed + 1));
      let bright = lit * (1.1 - 0.35 * y);
      for (const lamp of lamps) {
        const far = Math.sqrt((x - lamp.x) * (x - lamp.x) + (y - lamp.y) * (y - lamp.y)) / lamp.radius;
        bright *= 1 + lamp.brightness * step(1.1, 0.7, far);
      }
      for (let i = 0; i < 3; i++, k++) {
        coarse[k] = mix(mix(colours[0][i], colours[1][i], a), colours[2][i], b) * bright * light.colour[i];
      }
    }
  }
  return coarse;
}

/** Up to eight round patches of light or shade, in picture widths. */
function drawLamps(seed: number, detail: number) {
  return Array.from({ length: Math.floor(detail * 9) }, (_, k) => ({
    x: lattice(k, 1, seed),
    y: lattice(k, 2, seed),
    radius: mix(0.03, 0.16, lattice(k, 3, seed)),
    brightness: mix(-0.5, 0.9, lattice(k, 4, seed)),
  }));
}
