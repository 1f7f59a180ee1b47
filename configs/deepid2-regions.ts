/**
 * The DeepID2 nets of the same regions, with the same pictures, steps and schedule, each by its own run from random weights, too.
 * Run:    deepid train-regions configs/deepid2-regions.ts --out runs/deepid2-regions --models runs/deepid2-models \
 *           --only whole-face,left-half,upper-face $SETS
 */
import type { TrainingConfig } from "../src/nets/train/index.ts";
import deepid2 from "./deepid2.ts";
import deepid2plus from "./figure-3.ts";

export default { ...deepid2plus, net: deepid2.net } satisfies TrainingConfig;
