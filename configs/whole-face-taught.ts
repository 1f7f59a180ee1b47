/**
 * The default model (models/whole-face-taught), first stretch: the whole-face net of the sixth cycle (configs/whole-face-6.ts) taught by dlib's ResNet, the teacher's signal alone at FC-4.
 * Runs, their times and what came of each: results/training.json. The released runs were given their time, not their steps.
 * Pictures: CelebA, 21,565 further ones of it, and every second one of UTKFace, each a person of its own.
 * Run:    npx tsx scripts/dlibToOnnx.ts package/model dlib.onnx   # prints how it is imported as a model
 *         SETS="--data celeba --images img_align_celeba.zip --identities identity_CelebA.txt \
 *           --with img_align_celeba_extra.zip=identity_extra.txt --with utkface-half.zip"
 *         deepid extract --model models/dlib $SETS --out dlib.safetensors
 *         deepid train configs/whole-face-taught.ts --from models/whole-face --teacher dlib.safetensors --out runs/taught $SETS
 */
import type { TrainingConfig } from "../src/nets/train/index.ts";
import sixth from "./whole-face-6.ts";

export default {
  ...sixth,
  net: { ...sixth.net, taps: [4], dropout: 0 },
  cycle: 31,
  steps: 5384,
  pairs: 64,
  learningRate: { peak: 0.06, warmup: 100 },
  teacher: { weight: 8, kernel: 4, labels: 0 },
  augmentation: { ...sixth.augmentation, erase: 0.1, blur: 0.1 },
  evaluateEvery: 1000,
  checkpointSeconds: 240,
} satisfies TrainingConfig;
