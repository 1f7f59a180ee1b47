/**
 * The default model (models/whole-face-taught), fourth stretch: conv2 to conv4 and FC-4 learn, conv1 stays as it is.
 * Took:   3.9 hours on a shared core, then two; 0.5 million pictures. Held-out people, Joint Bayesian: 92.5 %.
 * Run:    deepid train configs/whole-face-taught-4.ts --from runs/taught-3 --teacher dlib.safetensors --out runs/taught-4 $SETS
 *         (SETS as in configs/whole-face-taught.ts)
 */
import type { TrainingConfig } from "../src/nets/train/index.ts";
import first from "./whole-face-taught.ts";

export default {
  ...first,
  frozen: 1,
  cycle: 34,
  steps: 4000,
  learningRate: { peak: 0.04, warmup: 200 },
  teacher: { ...first.teacher, kernel: 20 },
} satisfies TrainingConfig;
