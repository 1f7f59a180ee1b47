/** Similarity transforms of the plane without reflection: turn, scale evenly, shift. */
import { InputError } from "../../base/errors/index.ts";

/** Maps (x, y) to (a x - b y + shiftX, b x + a y + shiftY); lengths grow by sqrt(a² + b²). */
export interface Similarity {
  readonly a: number;
  readonly b: number;
  readonly shiftX: number;
  readonly shiftY: number;
}

/** The point that `transform` maps (`x`, `y`) to. */
export function applyTo(
  { x, y }: { readonly x: number; readonly y: number },
  { a, b, shiftX, shiftY }: Similarity,
): { x: number; y: number } {
  return { x: a * x - b * y + shiftX, y: b * x + a * y + shiftY };
}

/** How much longer lengths are after `transform`. */
export const scaleOf = ({ a, b }: Similarity) => Math.hypot(a, b);

/** The transform that undoes `transform`. */
export function invert(transform: Similarity): Similarity {
  const { a, b, shiftX, shiftY } = transform;
  const squared = a * a + b * b;
  if (!(squared > 0 && Number.isFinite(squared))) {
    throw new InputError(`invert: the transform must have a scale above 0, got ${Math.sqrt(squared)}`);
  }
  const [inverseA, inverseB] = [a / squared, -b / squared];
  return {
    a: inverseA,
    b: inverseB,
    shiftX: -(inverseA * shiftX - inverseB * shiftY),
    shiftY: -(inverseB * shiftX + inverseA * shiftY),
  };
}
