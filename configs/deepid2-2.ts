/**
 * The second cycle of the DeepID2 net, as configs/whole-face-2.ts is that of the DeepID2+ net.
 * Run:    deepid train configs/deepid2-2.ts --from runs/deepid2 --out runs/deepid2-2 --data celeba \
 *           --images img_align_celeba.zip --identities identity_CelebA.txt
 */
import type { TrainingConfig } from "../src/nets/train/index.ts";
import first from "./deepid2.ts";
import second from "./whole-face-2.ts";

export default { ...second, net: first.net } satisfies TrainingConfig;
