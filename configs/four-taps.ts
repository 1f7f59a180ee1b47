/**
 * FC-1 and FC-2 for the whole-face net, whose release keeps FC-3 and FC-4 alone: for the robustness of all four taps
 * (Figs 15 and 16). The convolutions, FC-3 and FC-4 stay exactly as they are; only the two taps learn, their classifiers
 * starting as FC-4's.
 * Run:    (from the end of configs/classifiers.ts, too, whose FC-3 and FC-4 have moved a little)
 *         deepid train configs/four-taps.ts --from runs/whole-face-4 --out runs/four-taps --data celeba \
 *           --images img_align_celeba.zip --identities identity_CelebA.txt
 *         deepid release runs/four-taps --taps 1,2,3,4 --out runs/four-taps-model --data celeba ...
 */
import type { TrainingConfig } from "../src/nets/train/index.ts";
import first from "./whole-face.ts";

export default {
  ...first,
  heads: [1, 2],
  steps: 150,
  learningRate: { peak: 0.1, warmup: 10 },
  lambda: { weight: 2e-3, after: 20 },
  evaluateEvery: 150,
  checkpointSeconds: 300,
} satisfies TrainingConfig;
