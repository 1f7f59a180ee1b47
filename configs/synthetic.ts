/**
 * A narrow net on synthetic people: the place to begin with a config of your own.
 * Run:    deepid train configs/synthetic.ts --data synthetic --people 300 --pictures 16 --out runs/synthetic
 *         deepid release runs/synthetic --data synthetic --people 300 --pictures 16 --out runs/synthetic-model
 */
import type { TrainingConfig } from "../src/nets/train/index.ts";

export default {
  net: { maps: [32, 32, 32, 32], neurons: 128, taps: [1, 2, 3, 4], dropout: 0.2 }, // a quarter of the paper's width
  split: { matching: 80, validation: 40 },
  steps: 700,
  pairs: 32,
  learningRate: { peak: 0.1, warmup: 30 },
  momentum: 0.9,
  weightDecay: 5e-3,
  lambda: { weight: 2e-3, after: 90 },
  margin: { pairs: 5_000, every: 20 },
  augmentation: { shift: 2, mirror: true, light: 0.15 },
  evaluateEvery: 100,
  checkpointSeconds: 60,
  seed: 1,
} satisfies TrainingConfig;
