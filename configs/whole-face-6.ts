/**
 * The released net (models/whole-face), the last cycle, on a GPU by WebGPU: batches of 256 pairs, a million pictures seen in
 * six minutes, λ as before. It starts from the fourth cycle's net with classifiers learned anew (configs/classifiers.ts).
 * Took:   371 s on an NVIDIA H200, 2,800 images/s while it learned. Held-out people, Joint Bayesian: 90.3 % (89.6 % of the fourth cycle),
 *         by which it was chosen; LFW View 2, looked at afterwards: 94.48 ± 0.43 %,
 *         94.67 ± 0.33 % since `release --trained-people 3000`.
 * Run:    deepid train configs/whole-face-6.ts --provider webgpu --from runs/classifiers --out runs/whole-face-6 --data celeba \
 *           --images img_align_celeba.zip --identities identity_CelebA.txt
 * The run itself was given its time, not its steps; it read its pictures from crops stored as WebP (quality 70), and drew its
 * batches by another seed. So another run will come near, and not to the same weights.
 */
import type { TrainingConfig } from "../src/nets/train/index.ts";
import fourth from "./whole-face-4.ts";

export default {
  ...fourth,
  cycle: 21,
  steps: 1963,
  pairs: 256,
  learningRate: { peak: 0.25, warmup: 150 },
  augmentation: { shift: 3, mirror: true, light: 0.25, scale: 0.12, rotation: 10 },
  evaluateEvery: 500,
} satisfies TrainingConfig;
