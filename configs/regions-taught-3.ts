/**
 * The four nets of configs/regions-taught-2.ts further, together, beside the default net of the eighth stretch, which stays as it is.
 * In PyTorch, by a sketch of scripts/torch/train.py, with two ways of bending.
 * Took:   54 minutes on one of two cores; 320,000 pictures each.
 * Run:    as configs/regions-taught-2.ts, with runs/taught-8, this config and --bent 0.5
 */
import type { TrainingConfig } from "../src/nets/train/index.ts";
import second from "./regions-taught-2.ts";

export default {
  ...second,
  cycle: 45,
  steps: 2500,
  teacher: { weight: 8, kernel: 4, labels: 0 },
} satisfies TrainingConfig;
