/**
 * The DeepID2+ nets of eight regions that Figure 3 compares with DeepID2's (configs/deepid2-regions.ts): both
 * warm-started from the second cycle of their whole-face net, for the same short time. Not released: configs/regions.ts
 * gives better ones.
 * Took:   about 4 minutes a region on one core.
 * Run:    deepid train-regions configs/figure-3.ts --from runs/whole-face-2 --out runs/figure-3 --models runs/figure-3-models \
 *           --only head,eyes-to-mouth,left-half,upper-face,lower-face,face-grey,eyes --data celeba \
 *           --images img_align_celeba.zip --identities identity_CelebA.txt
 */
import type { TrainingConfig } from "../src/nets/train/index.ts";
import second from "./whole-face-2.ts";

export default {
  ...second,
  frozen: 2,
  steps: 300,
  learningRate: { peak: 0.05, warmup: 20 },
  augmentation: { shift: 2, mirror: true, light: 0.15 },
  checkpointSeconds: 90,
} satisfies TrainingConfig;
