/**
 * The nets of the 25 face regions, the same for each: only the first two convolutions are the whole-face net's, all else begins
 * at random. FC-3 and FC-4 are supervised, faces scaled and turned as for the whole-face net, the softmax is over 1,000 of the
 * 7,923 people at a time. A net warm-started from all of the whole-face net is there in a sixth of the steps, but brings less
 * where nets are combined: beside the whole-face net such a net of nose and mouth brought 0.6 points on validation people, one
 * that learned by itself 1.2.
 * The whole-face net that is released is that of configs/whole-face-6.ts; the others started from its run, whose first two
 * convolutions are those of models/whole-face before they were stored in eight bits.
 * Took:   13 to 18 minutes a region on one shared core, two at a time. Some of the released nets learned without `sample`, which
 *         took up to 49 (see models/regions/README.md).
 * Run:    deepid train-regions configs/regions.ts --from models/whole-face --out runs/regions --models runs/regions-models \
 *           --trained-people 3000 --data celeba --images img_align_celeba.zip --identities identity_CelebA.txt
 */
import type { TrainingConfig } from "../src/nets/train/index.ts";
import wholeFace from "./whole-face-4.ts";

export default {
  ...wholeFace,
  frozen: 2,
  adopt: "frozen",
  sample: 1000,
  cycle: 31,
  steps: 5000,
  learningRate: { peak: 0.1, warmup: 100 },
  evaluateEvery: 1000,
  checkpointSeconds: 120,
} satisfies TrainingConfig;
