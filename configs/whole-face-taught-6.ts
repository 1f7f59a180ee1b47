/**
 * The default model (models/whole-face-taught), sixth stretch: as the fifth, shifted further, some crops blurred or covered.
 * Took:   53 minutes on two cores, 448,000 pictures. Held-out people: mean squared error 0.250, Joint Bayesian
 *         92.9 % (92.5 of the fourth), 93.8 % with a shrunken covariance, 94.7 % by the teacher's numbers.
 * Run:    deepid train configs/whole-face-taught-6.ts --from runs/taught-5 --teacher dlib.safetensors --out runs/taught-6 $SETS
 *         (SETS as in configs/whole-face-taught.ts)
 *         deepid release runs/taught-6 --out models/whole-face-taught --precision int8 --components 180,300,512 --mirrors-alike \
 *           --trained-people 3000 --teacher dlib.safetensors $SETS
 *         deepid fit-cohort models/whole-face-taught --centroids 1200 --nearest 60 --strangers-weigh 0.4 (features of the same people,
 *           of the validation people, and of the other half of UTKFace by the groups in its names)
 */
import type { TrainingConfig } from "../src/nets/train/index.ts";
import fourth from "./whole-face-taught-4.ts";

export default {
  ...fourth,
  cycle: 40,
  steps: 3500,
  learningRate: { peak: 0.02, warmup: 100 },
  augmentation: { shift: 2, mirror: true, light: 0.1, erase: 0.1, blur: 0.1 },
} satisfies TrainingConfig;
