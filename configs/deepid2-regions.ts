/**
 * The DeepID2 nets of the same regions, on the same pictures, with the same steps and schedule, each by its own run from random weights,
 * too; without dropout, as its paper has it, where DeepID2+ drops half of the neurons.
 * Took:   4 to 12 minutes a region on one of two shared cores.
 * Run:    as configs/figure-3.ts, with --out runs/deepid2 --models runs/deepid2-models, into runs/deepid2-system
 */
import type { TrainingConfig } from "../src/nets/train/index.ts";
import deepid2 from "./deepid2.ts";
import deepid2plus from "./figure-3.ts";

export default { ...deepid2plus, net: deepid2.net } satisfies TrainingConfig;
