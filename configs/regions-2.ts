/**
 * A second cycle of the nets of the regions, each from the end of its run by configs/regions.ts, in other batches.
 * Took:   13 to 18 minutes a region on one shared core, two at a time; 0.4 to 1.6 points a net on the validation people
 *         (see models/regions/README.md).
 * Run:    deepid train-regions configs/regions-2.ts --from runs/regions --out runs/regions-2 --models runs/regions-2-models \
 *           --trained-people 3000 --data celeba --images img_align_celeba.zip --identities identity_CelebA.txt
 */
import type { TrainingConfig } from "../src/nets/train/index.ts";
import first from "./regions.ts";

export default {
  ...first,
  adopt: "all",
  cycle: 32,
  learningRate: { peak: 0.08, warmup: 100 },
} satisfies TrainingConfig;
