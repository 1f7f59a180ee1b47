// src/base/random: seeded random numbers. Randomness is always an argument: no code here or elsewhere calls Math.random.
export { createRng, type Rng, type RngState, shuffle } from "./rng.ts";
