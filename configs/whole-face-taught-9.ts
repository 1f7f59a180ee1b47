/**
 * The default model (models/whole-face-taught), ninth stretch, from the eighth: as long again, half of its pictures bent at random, from
 * the middle on in either of two ways; in PyTorch, by a sketch of scripts/torch/train.py, which knows one way of bending.
 * Took:   58 minutes on one of two cores, 1.7 million pictures. Held-out people: mean squared error 0.209 (0.219 before, measured
 *         alike), Joint Bayesian 95.4 % (95.2 % before).
 * Run:    the first four commands of scripts/torch/train.py with this config (--bent 0.5), then (SETS as in configs/whole-face-taught.ts)
 *         deepid release runs/taught-9 --out models/whole-face-taught --precision int8 --views 0.92,1.08 --components 300,512 \
 *           --mirrors-alike --trained-people 3000 --teacher dlib.safetensors $SETS
 *         deepid fit-cohort models/whole-face-taught --centroids 1200 --nearest 60 --strangers-weigh 0.45 (features of the same people,
 *           of the validation people, and of the other half of UTKFace by the groups in its names)
 */
import type { TrainingConfig } from "../src/nets/train/index.ts";
import eighth from "./whole-face-taught-8.ts";

export default {
  ...eighth,
  cycle: 44,
  learningRate: { peak: 0.025, warmup: 100 },
} satisfies TrainingConfig;
