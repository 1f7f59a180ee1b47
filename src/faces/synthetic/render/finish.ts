/** What the camera does last: it focuses, more or less, exposes, adds noise, and stores bytes. */
import type { Shot } from "../shot.ts";
import type { Canvas } from "./shade.ts";

/** Averages blocks of `factor` x `factor` pixels; returns a canvas of side `size / factor`. */
export function shrink(canvas: Canvas, size: number, factor: number): Canvas {
  if (factor === 1) return canvas;
  const side = size / factor;
  const share = 1 / (factor * factor);
  const small = new Float32Array(side * side * 3);
  for (let y = 0, from = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const to = (Math.floor(y / factor) * side + Math.floor(x / factor)) * 3;
      for (let i = 0; i < 3; i++, from++) small[to + i] += Math.min(canvas[from], 1.2) * share; // a glint must not eat an edge
    }
  }
  return small;
}

/** Blurs in place by two passes of a box of fractional radius (pixels), along rows and then columns. */
export function blur(canvas: Canvas, size: number, radius: number): void {
  if (!(radius >= 0.2)) return;
  const line = new Float64Array(size);
  for (let pass = 0; pass < 4; pass++) {
    const stride = pass < 2 ? 3 : size * 3;
    const next = pass < 2 ? size * 3 : 3;
    for (let start = 0; start < size; start++) {
      for (let i = 0; i < 3; i++) blurLine(canvas, start * next + i, stride, line, radius);
    }
  }
}

/** One box pass over the values at `offset`, `offset + stride` and so on, as many as `line` holds. */
function blurLine(canvas: Canvas, offset: number, stride: number, line: Float64Array, radius: number): void {
  const last = line.length - 1;
  const whole = Math.floor(radius);
  const rest = radius - whole;
  const weight = 1 / (2 * radius + 1);
  for (let k = 0; k <= last; k++) line[k] = canvas[offset + k * stride];
  let sum = 0; // of the 2 * whole + 1 values around k
  for (let k = -whole; k <= whole; k++) sum += line[k < 0 ? 0 : Math.min(k, last)];
  for (let k = 0; k <= last; k++) {
    const before = line[Math.max(0, k - whole - 1)];
    const after = line[Math.min(last, k + whole + 1)];
    canvas[offset + k * stride] = (sum + rest * (before + after)) * weight;
    sum += after - line[Math.max(0, k - whole)];
  }
}

/** Exposes and stores as bytes, [size * size, 3]. */
export function develop(canvas: Canvas, { light, noise: deviation, seed }: Shot): Uint8Array {
  const pixels = new Uint8ClampedArray(canvas.length); // rounds and clamps
  const { exposure } = light;
  let state = (seed ^ 0x9e3779b9) | 0 || 1;
  for (let k = 0; k < canvas.length; k++) {
    const exposed = Math.max(0, canvas[k] * exposure);
    const over = exposed - 0.6;
    const rolled = over < 0 ? exposed : 0.6 + over / (1 + over * 1.4); // highlights roll off
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    // the four bytes of one random word add up to nearly a normal deviate of spread 147.8
    const sum = (state & 255) + ((state >> 8) & 255) + ((state >> 16) & 255) + (state >>> 24);
    pixels[k] = 255 * Math.sqrt(rolled) + ((sum - 510) / 147.8) * deviation;
  }
  return new Uint8Array(pixels.buffer);
}
