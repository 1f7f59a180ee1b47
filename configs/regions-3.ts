/**
 * Nets of the regions that learn by themselves: only the first two convolutions are the whole-face net's, all else begins at
 * random. It takes six times the steps of configs/regions.ts, and is worth more where nets are combined: beside the whole-face
 * net such a net of nose and mouth brought 1.2 points on validation people, one warm-started from all of that net 0.6.
 * Took:   13 to 15 minutes a region on one shared core, two at a time; 20 to 24 without `sample`, up to 49 before frozen
 *         convolutions were in eight bits. So were made ten of the released nets, without `sample`; two more, nose-and-mouth
 *         and head, had 7,000 such steps (see models/regions/README.md).
 * Run:    deepid train-regions configs/regions-3.ts --from runs/classifiers --out runs/regions-3 --models models/regions \
 *           --trained-people 3000 --data celeba --images img_align_celeba.zip --identities identity_CelebA.txt
 */
import type { Training } from "../src/train/index.ts";
import regions from "./regions.ts";

export default {
  ...regions,
  adopt: "frozen",
  sample: 1000,
  cycle: 31,
  steps: 5000,
  learningRate: { peak: 0.1, warmup: 100 },
  evaluateEvery: 1000,
} satisfies Training;
