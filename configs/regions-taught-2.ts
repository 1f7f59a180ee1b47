/**
 * Four of the nets of models/regions-taught, further and together: the sum of their maps and of the default net's, which stays as it is,
 * gives the teacher's numbers, so that each learns what the others cannot see. In PyTorch, scripts/torch/train.py.
 * Took:   62 minutes on one of two cores, some of them stopped; 307,200 pictures each.
 * Run:    begin each: deepid train-regions configs/regions-taught-2.ts --only close-face --from models/regions-taught \
 *           --teacher dlib.safetensors --out runs/regions-2 $SETS   (stop it with Ctrl-C once it trains; so, too, the other three)
 *         python3 scripts/torch/train.py runs/taught-6 runs/regions-2/* --fixed runs/taught-6 --map-rate 0.05 --bent 0.3 \
 *           --teacher dlib.safetensors   (runs/taught-6 as in configs/whole-face-taught-6.ts)
 *         deepid release each, then deepid combine as in configs/regions-taught.ts
 */
import type { TrainingConfig } from "../src/nets/train/index.ts";
import first from "./regions-taught.ts";
import eighth from "./whole-face-taught-8.ts";

export default {
  ...first,
  frozen: 1,
  cycle: 43,
  steps: 2400,
  learningRate: { peak: 0.02, warmup: 100 },
  augmentation: eighth.augmentation,
  teacher: { weight: 8, kernel: 0, labels: 0 },
} satisfies TrainingConfig;
