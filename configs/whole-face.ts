/**
 * The first cycle of the whole-face net: the paper's four taps on 128 maps, batch-normalised while training.
 * Run:    deepid train configs/whole-face.ts --data celeba --images img_align_celeba.zip --identities identity_CelebA.txt --out runs/whole-face
 * Took:   81 minutes on 2 shared cores, 2.7 GB and the crops. Held-out people, cosine: 86.5 %.
 * LFW:    View 2, Joint Bayesian: 91.57 ± 0.46 % (paper, best single net on five times the pictures: 98.70 %)
 */
import type { TrainingConfig } from "../src/nets/train/index.ts";

export default {
  net: { taps: [1, 2, 3, 4] }, // and what a net has by default: the paper's sizes, shared weights, normalised by batch
  split: { matching: 900, validation: 200 },
  steps: 4200,
  pairs: 64,
  learningRate: { peak: 0.1, warmup: 100 },
  momentum: 0.9,
  weightDecay: 5e-3,
  lambda: { weight: 2e-3, after: 400 },
  margin: { pairs: 20_000, every: 50 },
  augmentation: { shift: 3, mirror: true, light: 0.15 },
  evaluateEvery: 300,
  checkpointSeconds: 240,
  seed: 1,
} satisfies TrainingConfig;
