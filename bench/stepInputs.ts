/** Made-up inputs of a training step, and places for what it measures. */

import type { Rng } from "../src/base/random/index.ts";
import type { Tensors } from "../src/math/session/index.ts";
import type { NetConfig } from "../src/nets/net/index.ts";

export function stepInputs(net: NetConfig, batch: number, rng: Rng): { feeds: Tensors; into: Tensors } {
  const bytes = (length: number, limit: number) => Uint8Array.from({ length }, () => rng.integer(limit));
  const { height, width, channels, neurons } = net;
  const taps = net.taps.length;
  const feeds = {
    faces: { shape: [batch, height, width, channels], data: bytes(batch * height * width * channels, 256) },
    identities: { shape: [batch], data: Float32Array.from({ length: batch }, (_, i) => i >> 1) },
    masks: { shape: [taps, batch, neurons], data: bytes(taps * batch * neurons, 2) },
    learningRate: { shape: [], data: Float32Array.of(0.01) },
    lambda: { shape: [], data: Float32Array.of(0.002) },
    margins: { shape: [taps], data: new Float32Array(taps).fill(10) },
  };
  const into = {
    losses: { shape: [3, taps], data: new Float32Array(3 * taps) },
    distances: { shape: [taps, batch, batch], data: new Float32Array(taps * batch * batch) },
  };
  return { feeds, into };
}
