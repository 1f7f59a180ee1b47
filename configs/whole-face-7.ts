/**
 * The whole-face net, a seventh cycle, as the sixth (configs/whole-face-6.ts) on more pictures: those of CelebA that were added later, too.
 * It starts from models/whole-face with classifiers of its 7,995 people learned anew (configs/classifiers.ts).
 * In PyTorch (scripts/torch/train.py), which also takes the run of the classifiers to its end.
 * Took:   72 minutes on one of two shared cores with AVX-512 BF16, 1.5 million pictures; of 4,600 steps at first, lengthened at step 984.
 *         Held-out people, cosine: 91.6 % (90.5 % before, measured alike); LFW View 2, Joint Bayesian: 95.63 ± 0.29 %.
 * Run:    SETS="--data celeba --images img_align_celeba.zip --identities identity_CelebA.txt \
 *           --with img_align_celeba_extra.zip=identity_extra.txt"
 *         npx tsx scripts/torch/faces.ts --split configs/classifiers.ts --out runs/faces $SETS
 *         deepid train configs/classifiers.ts --from models/whole-face --out runs/classifiers $SETS      (Ctrl-C once it has begun)
 *         python3 scripts/torch/train.py runs/classifiers --faces runs/faces
 *         deepid train configs/whole-face-7.ts --from runs/classifiers --out runs/whole-face-7 $SETS     (Ctrl-C once it has begun)
 *         python3 scripts/torch/train.py runs/whole-face-7 --faces runs/faces
 *         deepid release runs/whole-face-7 --out models/whole-face --taps 3,4 --precision int8 \
 *           --components 60,100,140,180,240,300 --trained-people 3000 $SETS
 */
import type { TrainingConfig } from "../src/nets/train/index.ts";
import sixth from "./whole-face-6.ts";

export default {
  ...sixth,
  frozen: 1,
  cycle: 51,
  steps: 5800,
  pairs: 128,
  learningRate: { peak: 0.2, warmup: 100 },
  evaluateEvery: 1000,
  checkpointSeconds: 240,
} satisfies TrainingConfig;
