/**
 * The nets of the 25 face regions, the same for each: warm-started from the whole-face net, its first two
 * convolutions kept, FC-3 and FC-4 supervised, faces scaled and turned as for the whole-face net.
 * Took:   6 to 9 minutes a region on one core; whole-face and head stand in models/regions so far.
 * Run:    deepid train-regions configs/regions.ts --from runs/whole-face-4 --out runs/regions --models models/regions \
 *           --data celeba --images img_align_celeba.zip --identities identity_CelebA.txt
 */
import { DEEPID2PLUS } from "../src/net/index.ts";
import type { Training } from "../src/train/index.ts";

export default {
  net: { ...DEEPID2PLUS, taps: [3, 4], conv3: "shared", conv4: "shared", normalisation: "batch" },
  frozen: 2,
  cycle: 4,
  split: { matching: 900, validation: 200 },
  steps: 400,
  pairs: 64,
  learningRate: { peak: 0.08, warmup: 20 },
  momentum: 0.9,
  weightDecay: 5e-3,
  lambda: { weight: 2e-3, after: 0 },
  margin: { pairs: 20_000, every: 50 },
  augmentation: { shift: 3, mirror: true, light: 0.2, scale: 0.1, rotation: 8 },
  evaluateEvery: 400,
  checkpointSeconds: 90,
  seed: 1,
} satisfies Training;
