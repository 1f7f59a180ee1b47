/**
 * The nets of the face regions, a second cycle of each from the end of its first. Three of the released nets are so made, from 400 steps
 * of configs/regions.ts that began at the whole-face net before the present one.
 * Took:   4 to 20 minutes a region on one shared core, two at a time. Validation people: 0.2 to 2 points better, the weakest most.
 * Run:    deepid train-regions configs/regions-2.ts --from runs/regions --out runs/regions-2 --models models/regions \
 *           --data celeba --images img_align_celeba.zip --identities identity_CelebA.txt
 */
import type { Training } from "../src/train/index.ts";
import first from "./regions.ts";

export default {
  ...first,
  cycle: 6,
  steps: 800,
} satisfies Training;
