/**
 * A second cycle of region nets that learned by themselves, from the end of configs/regions-3.ts: other batches, a softmax over
 * 1,000 of the 7,923 people at a time. None of the released nets is so made yet.
 * Took:   13 to 17 minutes a region on one shared core, two at a time. Joint Bayesian on the validation people, before and after:
 *         eyes-to-mouth 90.3 and 91.2 %, nose-and-mouth 90.1 and 90.4 %, head 90.0 and 90.3 %, left-eye-and-nose 89.8 and
 *         90.5 %, upper-face 89.1 and 89.8 %, lower-face 88.4 and 89.4 %.
 * Run:    deepid train-regions configs/regions-4.ts --from runs/regions-3 --out runs/regions-4 --models models/regions \
 *           --trained-people 3000 --data celeba --images img_align_celeba.zip --identities identity_CelebA.txt
 */
import type { Training } from "../src/train/index.ts";
import regions from "./regions.ts";

export default {
  ...regions,
  cycle: 32,
  sample: 1000,
  steps: 5000,
  learningRate: { peak: 0.08, warmup: 100 },
  evaluateEvery: 1000,
} satisfies Training;
