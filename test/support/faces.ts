/** Faces and matchers made of numbers, for tests of what comes after pictures. */
import { type FaceReader, TEMPLATE } from "../../src/faces/face/index.ts";
import { createMatcher, type Matcher } from "../../src/matching/match/index.ts";
import { matrix } from "../../src/math/linalg/index.ts";

/** Bytes of one aligned face. */
export const FACE_BYTES = TEMPLATE.height * TEMPLATE.width * 3;

/** `count` faces of three people, byte i being `byteOf(i)`. */
export function facesOfBytes(
  count: number,
  byteOf: (i: number) => number,
): FaceReader & { readonly pixels: Uint8Array } {
  const pixels = Uint8Array.from({ length: count * FACE_BYTES }, (_, i) => byteOf(i));
  return {
    count,
    pixels,
    names: Array.from({ length: count }, (_, row) => `face ${row}`),
    identities: Array.from({ length: count }, (_, row) => `person ${row % 3}`),
    readRange: async (first, n) => pixels.subarray(first * FACE_BYTES, (first + n) * FACE_BYTES),
  };
}

/** Compares `size` coordinates as they are; `ratioOf` is between-people over within-person variance of each. */
export const plainMatcher = (size: number, ratioOf: (i: number) => number): Matcher =>
  createMatcher({
    blockSize: 0,
    mean: new Float64Array(size),
    directions: matrix(
      size,
      size,
      Float64Array.from({ length: size ** 2 }, (_, i) => (i % (size + 1) === 0 ? 1 : 0)),
    ),
    ratios: Float64Array.from({ length: size }, (_, i) => ratioOf(i)),
  });
