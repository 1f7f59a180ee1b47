/**
 * The default model (models/whole-face-taught), third stretch: as the second, with less weight on the teacher's kernel.
 * Took:   4.5 hours on one shared core, 1.2 million pictures. Held-out people, Joint Bayesian: 92.4 %, as before it.
 * Run:    deepid train configs/whole-face-taught-3.ts --from runs/taught-2 --teacher dlib.safetensors --out runs/taught-3 $SETS
 *         (SETS as in configs/whole-face-taught.ts)
 */
import type { TrainingConfig } from "../src/nets/train/index.ts";
import first from "./whole-face-taught.ts";

export default {
  ...first,
  frozen: 2,
  cycle: 33,
  steps: 9000,
  learningRate: { peak: 0.05, warmup: 100 },
  teacher: { ...first.teacher, kernel: 4 },
} satisfies TrainingConfig;
