// src/base/bits: words of 32 bits.

/** Ones in a 32-bit word: sums of neighbouring 1-, 2- and 4-bit fields, then of the four bytes. */
export function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const quads = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((quads + (quads >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
