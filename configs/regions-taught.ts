/**
 * The nets of models/regions-taught beside the whole-face net: the released nets of their regions (models/regions) taught by dlib's
 * ResNet, the teacher's signal alone at FC-4; conv1 and conv2 stay as they are, in eight bits.
 * Took:   17 to 29 minutes a region on one shared core, two at a time, 204,800 pictures each. Held-out people, Joint Bayesian: 90.7
 *         (upper-face; 89.8 before) to 92.2 % (close-face; 91.2 before); all runs in results/training.json.
 * Run:    SETS="--data celeba --images img_align_celeba.zip --identities identity_CelebA.txt --with utkface-half.zip"
 *         deepid train-regions configs/regions-taught.ts --only nose-and-mouth,left-eye-and-nose,head,upper-face,left-cheek,left-half,eyes-to-mouth,close-face --from models/regions \
 *           --teacher dlib.safetensors --out runs/regions-taught --models runs/regions-taught-models --precision int8 \
 *           --components 180 --trained-people 3000 $SETS
 *         deepid combine models/whole-face-taught runs/regions-taught-models/* --out models/regions-taught --components 400,1500 \
 *           --mirrors-alike --trained-people 3000 --teacher dlib.safetensors --prefixes 1 (SETS as in configs/whole-face-taught.ts)
 */
import type { TrainingConfig } from "../src/nets/train/index.ts";
import taught from "./whole-face-taught-2.ts";

export default {
  ...taught,
  cycle: 33,
  steps: 1600,
  evaluateEvery: 1600,
  checkpointSeconds: 120,
} satisfies TrainingConfig;
