/**
 * A second cycle of the whole-face net, from where configs/whole-face.ts ended.
 * Run:    deepid train configs/whole-face-2.ts --from runs/whole-face --out runs/whole-face-2 --data celeba \
 *           --images img_align_celeba.zip --identities identity_CelebA.txt
 */
import type { Training } from "../src/train/index.ts";
import first from "./whole-face.ts";

export default {
  ...first,
  steps: 2000,
  learningRate: { peak: 0.05, warmup: 50 },
  lambda: { weight: 2e-3, after: 0 },
} satisfies Training;
