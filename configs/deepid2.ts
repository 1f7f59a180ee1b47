/**
 * The baseline of Figure 3: a DeepID2 net of the whole face, with the pictures, steps and schedule of the DeepID2+
 * net (configs/whole-face.ts), then a second cycle as long as its (configs/whole-face-2.ts).
 * Run:    deepid train configs/deepid2.ts --data celeba --images img_align_celeba.zip \
 *           --identities identity_CelebA.txt --out runs/deepid2
 */
import type { TrainingConfig } from "../src/nets/train/index.ts";
import deepid2plus from "./whole-face.ts";

export default {
  ...deepid2plus,
  net: { ...deepid2plus.net, family: "deepid2", maps: [20, 40, 60, 80], neurons: 160, taps: [4], dropout: 0 },
} satisfies TrainingConfig;
