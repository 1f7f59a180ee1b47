/**
 * The DeepID2+ nets of eight regions that Figure 3 compares with DeepID2's (configs/deepid2-regions.ts): both
 * warm-started from the second cycle of their whole-face net, for the same short time. Not released: configs/regions.ts
 * gives better ones.
 * Took:   about 4 minutes a region on one core.
 * Run:    deepid train-regions configs/figure-3.ts --from runs/whole-face-2 --out runs/figure-3 --models runs/figure-3-models \
 *           --only head,eyes-to-mouth,left-half,upper-face,lower-face,face-grey,eyes --data celeba \
 *           --images img_align_celeba.zip --identities identity_CelebA.txt
 */
import { DEEPID2PLUS } from "../src/net/index.ts";
import type { Training } from "../src/train/index.ts";

export default {
  net: { ...DEEPID2PLUS, taps: [3, 4], conv3: "shared", conv4: "shared", normalisation: "batch" },
  frozen: 2,
  split: { matching: 900, validation: 200 },
  steps: 300,
  pairs: 64,
  learningRate: { peak: 0.05, warmup: 20 },
  momentum: 0.9,
  weightDecay: 5e-3,
  lambda: { weight: 2e-3, after: 0 },
  margin: { pairs: 20_000, every: 50 },
  augmentation: { shift: 2, mirror: true, light: 0.15 },
  evaluateEvery: 300,
  checkpointSeconds: 90,
  seed: 1,
} satisfies Training;
