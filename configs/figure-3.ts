/**
 * The DeepID2+ nets that Figure 3 compares with DeepID2's (configs/deepid2-regions.ts): each region's net by its own run from random
 * weights, all four taps supervised. Not released: the nets of models/regions are better, and trained further.
 * Run:    (SETS as in configs/whole-face-taught.ts, without UTKFace)
 *         deepid train-regions configs/figure-3.ts --out runs/figure-3 --models runs/figure-3-models \
 *           --only whole-face,left-half,upper-face $SETS
 */
import type { TrainingConfig } from "../src/nets/train/index.ts";
import wholeFace from "./whole-face.ts";

export default {
  ...wholeFace,
  steps: 2000,
  lambda: { weight: 2e-3, after: 200 },
  augmentation: { shift: 3, mirror: true, light: 0.2, scale: 0.1 },
  evaluateEvery: 1000,
} satisfies TrainingConfig;
