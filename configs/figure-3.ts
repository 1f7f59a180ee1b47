/**
 * The DeepID2+ nets that Figure 3 compares with DeepID2's (configs/deepid2-regions.ts): each region's net by its own run from random
 * weights, all four taps supervised. Not released: the nets of models/regions are better, and trained further.
 * Took:   25 to 38 minutes a region on one of two shared cores, 256,000 pictures each.
 * Run:    (SETS as in configs/whole-face-7.ts), for each REGION of whole-face, left-half and upper-face
 *         deepid train-regions configs/figure-3.ts --only REGION --out runs/figure-3 --models runs/figure-3-models $SETS
 *                                                          (Ctrl-C once it has begun)
 *         python3 scripts/torch/train.py runs/figure-3/REGION --faces runs/faces
 *         the first command again makes the model; then, as for configs/deepid2-regions.ts,
 *         deepid combine runs/figure-3-models/* --out runs/figure-3-system $SETS
 *         deepid reproduce tables --system runs/figure-3-system --baseline runs/deepid2-system ...
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
