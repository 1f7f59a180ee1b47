/**
 * A third cycle, from the end of configs/whole-face-2.ts, all layers learning. It was stopped after step 937, its rate
 * still high: it drew the pictures of the earlier cycles again in the same order, and the loss fell on what it had
 * seen alone. configs/whole-face-4.ts goes on from there with other batches, and faces scaled and turned.
 * Run:    deepid train configs/whole-face-3.ts --from runs/whole-face-2 --out runs/whole-face-3 --data celeba \
 *           --images img_align_celeba.zip --identities identity_CelebA.txt
 */
import type { TrainingConfig } from "../src/nets/train/index.ts";
import second from "./whole-face-2.ts";

export default {
  ...second,
  frozen: 0,
  steps: 3400,
  learningRate: { peak: 0.1, warmup: 100 },
  evaluateEvery: 425,
  checkpointSeconds: 180,
} satisfies TrainingConfig;
