/** Small smooth functions that shapes and textures are made of: sums, products and roots, the same bits everywhere. */

/** 0 below `low`, 1 above `high`, smooth between; falls instead when `low > high`. */
export function step(low: number, high: number, x: number): number {
  const t = (x - low) / (high - low);
  if (t <= 0) return 0;
  if (t >= 1) return 1;
  return t * t * (3 - 2 * t);
}

/** A hill of height 1 at 0 that ends at distance 1. */
export function hill(x: number, y: number): number {
  const r = 1 - x * x - y * y;
  return r <= 0 ? 0 : r * r * (1.5 - 0.5 * r);
}

/** `a` at 0, `b` at 1. */
export function mix(a: number, b: number, amount: number): number {
  return a + (b - a) * amount;
}

/** `x` kept within [low, high]. */
export function clamp(x: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, x));
}

/** A well-mixed 32-bit hash of two lattice coordinates and a seed, as a number in [0, 1). */
export function lattice(x: number, y: number, seed: number): number {
  let h = (Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ seed) >>> 0;
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

/** Smooth value noise with features of size 1, in [0, 1). */
export function noise(x: number, y: number, seed: number): number {
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  const fx = x - x0;
  const fy = y - y0;
  const sx = fx * fx * (3 - 2 * fx);
  const sy = fy * fy * (3 - 2 * fy);
  const top = mix(lattice(x0, y0, seed), lattice(x0 + 1, y0, seed), sx);
  const bottom = mix(lattice(x0, y0 + 1, seed), lattice(x0 + 1, y0 + 1, seed), sx);
  return mix(top, bottom, sy);
}

/** A smooth curve through the points (at[k], value[k]); flat beyond its ends. */
export function curve(at: readonly number[], value: readonly number[], x: number): number {
  const last = at.length - 1;
  if (x <= at[0]) return value[0];
  if (x >= at[last]) return value[last];
  let k = 0;
  while (x > at[k + 1]) k++;
  const gap = at[k + 1] - at[k];
  const t = (x - at[k]) / gap;
  const t2 = t * t;
  const t3 = t2 * t;
  return (
    (2 * t3 - 3 * t2 + 1) * value[k] +
    (t3 - 2 * t2 + t) * gap * slope(at, value, k) +
    (3 * t2 - 2 * t3) * value[k + 1] +
    (t3 - t2) * gap * slope(at, value, k + 1)
  );
}

/** Of the curve at point `i`; flat at both ends. */
function slope(at: readonly number[], value: readonly number[], i: number): number {
  return i === 0 || i === at.length - 1 ? 0 : (value[i + 1] - value[i - 1]) / (at[i + 1] - at[i - 1]);
}
