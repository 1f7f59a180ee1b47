/**
 * Short equal runs that show what each part of DeepID2+ adds, on held-out people of the training set.
 * Run:    npx tsx scripts/ablate.ts --images img_align_celeba.zip --identities identity_CelebA.txt
 * Expect: results/ablations.json, results/ablations.svg
 *
 * A quarter of the paper's width, so that a run takes minutes on two cores; every run sees the same batches.
 */
import { DEEPID2, DEEPID2PLUS, type NetConfig } from "../src/net/index.ts";
import type { Training } from "../src/train/index.ts";

const NARROW: NetConfig = {
  ...DEEPID2PLUS,
  maps: [32, 32, 32, 32],
  neurons: 128,
  conv3: "shared",
  conv4: "shared",
  normalisation: "batch",
  dropout: 0, // pays in long runs only; DeepID2 has none either
};

const BASE: Training = {
  net: NARROW,
  split: { matching: 900, validation: 200 },
  steps: 800,
  pairs: 64,
  learningRate: { peak: 0.1, warmup: 50 },
  momentum: 0.9,
  weightDecay: 5e-3,
  lambda: { weight: 2e-3, after: 100 },
  margin: { pairs: 20_000, every: 50 },
  augmentation: { shift: 3, mirror: true, light: 0.15 },
  evaluateEvery: 800,
  checkpointSeconds: 3600,
  seed: 1,
};

const identificationOnly = { weight: 0, after: 0 };

export default {
  "DeepID2+": BASE,
  "identification only": { ...BASE, lambda: identificationOnly },
  "λ five times larger": { ...BASE, lambda: { weight: 1e-2, after: 100 } },
  "FC-4 supervised only": { ...BASE, net: { ...NARROW, taps: [4] } },
  // At its own width; DeepID2+ is four times narrower here than the paper's.
  DeepID2: { ...BASE, net: { ...DEEPID2, conv3: "shared", conv4: "shared", normalisation: "batch" } },
} satisfies Record<string, Training>;
