/**
 * Short equal runs that show what each part of DeepID2+ adds, on held-out people of the training set.
 * Run:    npx tsx scripts/ablate.ts --images img_align_celeba.zip --identities identity_CelebA.txt
 * Expect: results/ablations.json, results/ablations.svg
 *
 * A quarter of the paper's width and some of the people only, so that a run takes minutes on two cores and still
 * sees every picture several times: among all 8,000 people a short run learns next to nothing, whatever its signals.
 * Every variant of a seed sees the same batches and is judged on the same people.
 */
import { DEEPID2, NARROW, type NetConfig } from "../src/nets/net/index.ts";
import type { Training } from "../src/nets/train/index.ts";
import wholeFace from "./whole-face.ts";

/** Dropout pays in long runs only; DeepID2 has none either. */
const NET: NetConfig = { ...NARROW, dropout: 0 };

/** People taken at random, those for Joint Bayesian and for validation among them. */
export const PEOPLE = 2100;

/** Each draws weights, batches, and who is held out. */
export const SEEDS = [1, 2, 3];

const BASE: Training = {
  ...wholeFace,
  net: NET,
  steps: 800,
  pairs: 32,
  learningRate: { peak: 0.1, warmup: 50 },
  lambda: { weight: 1e-2, after: 100 },
  evaluateEvery: 800,
  checkpointSeconds: 3600,
};

const identificationOnly = { weight: 0, after: 0 };

export default {
  "DeepID2+": BASE,
  "identification only": { ...BASE, lambda: identificationOnly },
  "FC-4 supervised only": { ...BASE, net: { ...NET, taps: [4] } },
  // At its own width, which is about that of the narrow DeepID2+.
  DeepID2: { ...BASE, net: { ...DEEPID2, conv3: "shared", conv4: "shared", normalisation: "batch" } },
} satisfies Record<string, Training>;
