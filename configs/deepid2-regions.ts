/**
 * DeepID2 nets of the face's regions, trained as configs/figure-3.ts trains DeepID2+ nets: Figure 3's comparison.
 * Run:    deepid train-regions configs/deepid2-regions.ts --from runs/deepid2-2 --out runs/deepid2-regions \
 *           --models runs/deepid2-models --data celeba --images img_align_celeba.zip --identities identity_CelebA.txt
 */
import type { TrainingConfig } from "../src/nets/train/index.ts";
import first from "./deepid2.ts";
import deepid2plus from "./figure-3.ts";

export default { ...deepid2plus, net: first.net } satisfies TrainingConfig;
