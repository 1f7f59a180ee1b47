/**
 * A seeded random number generator whose state can be saved, and which can be forked by name, so that
 * adding a consumer does not reshuffle the others.
 *
 * Algorithm: xoshiro128** 1.1 (Blackman and Vigna, 2018), seeded by splitmix32 of an FNV-1a hash.
 */
import { InputError } from "../errors/index.ts";

/** The four 32-bit words of a generator: all that is needed to continue its sequence. */
export type RngState = readonly [number, number, number, number];

export interface Rng {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform integer in [0, limit). */
  integer(limit: number): number;
  /** Standard normal deviate (Box-Muller; two uniforms each, so that the state alone continues the sequence). */
  normal(): number;
  /** An independent generator named by `label`; does not advance this one. */
  fork(label: string): Rng;
  /** The current state; `createRng(state)` continues from here. */
  state(): RngState;
}

/** Creates a generator from an integer seed, or continues one from its saved state. */
export function createRng(seed: number | RngState): Rng {
  const s = Uint32Array.from(typeof seed === "number" ? expand(seed) : seed);
  if (s.length !== 4 || s.every((word) => word === 0)) {
    throw new InputError("createRng: a state must be four 32-bit words that are not all zero");
  }
  const next = () => {
    const result = Math.imul(rotate(Math.imul(s[1], 5), 7), 9) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate(s[3], 11);
    return result;
  };
  const uniform = () => next() / 2 ** 32;
  return {
    uniform,
    integer(limit) {
      if (!(Number.isInteger(limit) && limit >= 1)) {
        throw new InputError(`integer: limit must be a positive integer, got ${limit}`);
      }
      return Math.floor(uniform() * limit);
    },
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    fork: (label) => createRng(expand(hash(label, [...s]))),
    state: () => [s[0], s[1], s[2], s[3]],
  };
}

/** Returns `items` in random order (Fisher-Yates); the argument is left as it is. */
export function shuffle<T>(items: readonly T[], rng: Rng): T[] {
  const shuffled = [...items];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = rng.integer(i + 1);
    [shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]];
  }
  return shuffled;
}

const rotate = (x: number, k: number) => ((x << k) | (x >>> (32 - k))) >>> 0;

/** Four well-mixed words from one seed (splitmix32). */
function expand(seed: number): RngState {
  let x = seed >>> 0;
  const word = () => {
    x = (x + 0x9e3779b9) >>> 0;
    let z = x;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  return [word(), word(), word(), word()];
}

/** FNV-1a over the state's words and the label's characters. */
function hash(label: string, words: readonly number[]): number {
  let h = 0x811c9dc5;
  for (const word of words) h = Math.imul(h ^ word, 0x01000193);
  for (const character of label) h = Math.imul(h ^ character.codePointAt(0)!, 0x01000193);
  return h >>> 0;
}
