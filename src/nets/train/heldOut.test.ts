import { expect, test } from "vitest";
import { noiseCrops, randomWeights, TINY_NET } from "../../../test/support/tinyNet.ts";
import type { Weights } from "../net/index.ts";
import { createHeldOut } from "./heldOut.ts";

const PAIRS = 12;
const size = TINY_NET.height * TINY_NET.width * TINY_NET.channels;

/** Pairs of one person are the same picture twice, those of two people pictures of noise of their own. */
function pairsOfNoise() {
  const noise = noiseCrops(TINY_NET, 2 * PAIRS);
  const crops = new Uint8Array(4 * PAIRS * size);
  crops.set(noise);
  for (let i = 0; i < PAIRS; i++) {
    const picture = noise.subarray(i * size, (i + 1) * size);
    for (const copy of [0, 1]) crops.set(picture, (2 * PAIRS + 2 * i + copy) * size);
  }
  const same = Array.from({ length: PAIRS }, (_, i) => ({
    a: 2 * PAIRS + 2 * i,
    b: 2 * PAIRS + 2 * i + 1,
    same: true,
  }));
  const different = Array.from({ length: PAIRS }, (_, i) => ({ a: 2 * i, b: 2 * i + 1, same: false }));
  return { crops, pairs: [...same, ...different] };
}

async function accuracyOf(weights: Weights): Promise<number> {
  const held = await createHeldOut(TINY_NET, pairsOfNoise(), { threads: 1 });
  try {
    return (await held.measure(weights)).accuracy;
  } finally {
    await held.release();
  }
}

test("a net that tells pictures apart verifies every pair", async () => {
  const weights = randomWeights(TINY_NET);
  // FC-4 without dead neurons: the cosine of two different pictures is below 1
  const alive = { ...weights, "fc4.bias": new Float32Array(4).fill(0.5) };
  expect(await accuracyOf(alive)).toBe(1);
});

test("a net whose features are all 0 guesses: half of the pairs, in whatever order they come", async () => {
  const weights = randomWeights(TINY_NET);
  const dead = Object.fromEntries(
    Object.entries(weights).map(([name, w]) => [name, new Float32Array(w.length)]),
  );
  expect(await accuracyOf(dead)).toBe(0.5);
});
