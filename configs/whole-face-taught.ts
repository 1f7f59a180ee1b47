/**
 * The default model (models/whole-face-taught), first stretch: the whole-face net taught by dlib's ResNet, the teacher's signal alone at FC-4.
 * Runs, their times and what came of each: results/training.json. The released runs were given their time, not their steps.
 * The run read three sets as one by a program of its own (joinFaces): CelebA, 21,565 further pictures of it, and half of UTKFace, each
 * picture a person of its own. The command below reads one.
 * Run:    npx tsx scripts/dlibToOnnx.ts package/model dlib.onnx   # prints how it is imported as a model
 *         deepid extract --model models/dlib --data celeba --images img_align_celeba.zip --identities identity_CelebA.txt --out dlib.safetensors
 *         deepid train configs/whole-face-taught.ts --from models/whole-face --teacher dlib.safetensors --out runs/taught --data celeba \
 *           --images img_align_celeba.zip --identities identity_CelebA.txt
 */
import type { Training } from "../src/nets/train/index.ts";
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
} satisfies Training;
