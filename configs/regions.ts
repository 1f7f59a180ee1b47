/**
 * The nets of the 25 face regions, the same for each: warm-started from the whole-face net, its first two
 * convolutions kept, FC-3 and FC-4 supervised, faces scaled and turned as for the whole-face net.
 * Took:   5 to 9 minutes a region on one shared core, two at a time. So were made three of the released nets; of the others
 *         six had 400 of these steps, three came from the net before by configs/regions-2.ts, and twelve learned by themselves
 *         as in configs/regions-3.ts (see models/regions/README.md).
 * Run:    deepid train configs/classifiers.ts --from models/whole-face --out runs/classifiers --data celeba \
 *           --images img_align_celeba.zip --identities identity_CelebA.txt
 *         deepid train-regions configs/regions.ts --from runs/classifiers --out runs/regions --models models/regions \
 *           --trained-people 3000 --data celeba --images img_align_celeba.zip --identities identity_CelebA.txt
 */
import type { Training } from "../src/train/index.ts";
import wholeFace from "./whole-face-4.ts";

export default {
  ...wholeFace,
  frozen: 2,
  cycle: 5,
  steps: 800,
  learningRate: { peak: 0.08, warmup: 20 },
  checkpointSeconds: 120,
} satisfies Training;
