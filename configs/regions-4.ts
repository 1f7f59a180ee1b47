/**
 * A second cycle of region nets that learned by themselves, from the end of configs/regions-3.ts: other batches, a softmax over
 * 1,000 of the 7,923 people at a time.
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
