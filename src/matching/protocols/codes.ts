/**
 * Are the features still good as bits? Paper: Section 5, Table 4: each activation is kept as one bit, whether it is
 * above zero, and compared by Joint Bayesian or by the Hamming distance.
 */
import { InputError } from "../../base/errors/index.ts";
import { binarise, bitsAsNumbers, columnMedians, type FeatureSet } from "../features/index.ts";
import { fitMatcher, hamming, jointBayesian, type Matcher } from "../match/index.ts";
import { assertNoOverlap } from "./overlap.ts";
import { type LabelledPair, scoreFolds } from "./scoredPairs.ts";
import { type Verification, verification } from "./verification.ts";

/** Where a bit begins: above 0, which is an activation; or above the neuron's median over the training people. */
export type BitThreshold = "zero" | "median";

export interface BinaryCodesOptions {
  /** Features of people whom the net was not trained on; none of them may be in the test set. */
  readonly training: FeatureSet;
  readonly threshold?: BitThreshold;
  /** Learns to compare the training people's bits, given as numbers 0 and 1. Default: `fitMatcher` with its defaults. */
  readonly learn?: (bits: FeatureSet) => Promise<Matcher>;
}

export interface BinaryCodesResult {
  readonly threshold: BitThreshold;
  readonly bits: number;
  /** Bytes of a packed code: 64 for 512 bits. */
  readonly bytes: number;
  /** The share of the test faces' bits that are set. */
  readonly firing: number;
  readonly components: number;
  readonly jointBayesian: Verification;
  readonly hamming: Verification;
}

/** Verifies the pairs of `folds`, rows of `test`, by the bits of their features. */
export async function binaryCodes(
  test: FeatureSet,
  folds: readonly (readonly LabelledPair[])[],
  { training, threshold = "zero", learn = learnBits }: BinaryCodesOptions,
): Promise<BinaryCodesResult> {
  if (training.dimension !== test.dimension) {
    throw new InputError(
      `binaryCodes: needs training features of dimension ${test.dimension} like the test's, got ${training.dimension}`,
    );
  }
  assertNoOverlap(training.identities, test.identities);
  const thresholds = threshold === "median" ? columnMedians(training) : undefined;
  const matcher = await learn(bitsAsNumbers(training, thresholds));
  const bits = bitsAsNumbers(test, thresholds);
  return {
    threshold,
    bits: test.dimension,
    bytes: 4 * binarise(test, thresholds).words,
    firing: bits.values.reduce((sum, bit) => sum + bit, 0) / bits.values.length,
    components: matcher.model.ratios.length,
    jointBayesian: verification(scoreFolds(jointBayesian(matcher), bits, folds), "joint Bayesian on bits"),
    hamming: verification(scoreFolds(hamming(thresholds), test, folds), "Hamming"),
  };
}

/** Codes are compared as they are: their blocks are not brought to unit length. */
const learnBits = async (bits: FeatureSet) => (await fitMatcher(bits, { normalise: false })).matcher;
