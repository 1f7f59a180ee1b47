/**
 * Tables 1 to 4 and Figures 3 to 5 for one system and any set of test faces: everything that is computed from the
 * features of those faces and matchers that have never seen them.
 */
import { InputError } from "../errors/index.ts";
import { bitsAsNumbers, type FeatureSet, selectColumns } from "../features/index.ts";
import { cosine, hamming, jointBayesian, type Matcher, type PairMetric, pairMetric } from "../match/index.ts";
import { type LabelledPair, scoreFolds, type Verification, verification } from "../protocols/index.ts";

/** One net of the system: its name, its share of each row, and the matcher of its own. */
export interface MeasuredPart {
  readonly name: string;
  readonly columns: number;
  readonly matcher: Matcher;
}

/** A matcher for the first `nets` of the system, as numbers or as bits. */
export interface MeasuredVariant {
  readonly code: "real" | "binary";
  readonly nets: number;
  readonly matcher: Matcher;
}

export interface MeasureOptions {
  /** Features of the test faces by all parts, side by side. */
  readonly set: FeatureSet;
  readonly folds: readonly (readonly LabelledPair[])[];
  readonly parts: readonly MeasuredPart[];
  /** The matcher of all parts. */
  readonly matcher: Matcher;
  readonly variants: readonly MeasuredVariant[];
}

/** One accuracy with its standard error, a share. */
export type Accuracy = Verification["accuracy"];

export interface VerificationTables {
  readonly nets: number;
  readonly pairs: number;
  /** All nets, Joint Bayesian: Table 1's last row and Figure 4's curve. */
  readonly combined: Verification;
  /** The first net alone. */
  readonly single: Verification;
  /** All nets by one Joint Bayesian each, their ratios added: an ablation of learning one for all. */
  readonly sumOfRatios: Verification;
  readonly cosine: Verification;
  /** Table 4: bits, by Joint Bayesian where a matcher of bits is given, and by Hamming distance. */
  readonly binary: readonly {
    readonly nets: number;
    readonly jointBayesian: Verification | null;
    readonly hamming: Verification;
  }[];
  /** Accuracy of the first 1, 2, 4, ... nets. */
  readonly curve: readonly { readonly nets: number; readonly accuracy: Accuracy }[];
  /** Each net by itself: Figure 3's bars. */
  readonly regions: readonly { readonly name: string; readonly accuracy: Accuracy }[];
}

/** Scores the pairs of `folds` in every way that the paper's tables ask for. */
export function verificationTables({
  set,
  folds,
  parts,
  matcher,
  variants,
}: MeasureOptions): VerificationTables {
  const widths = parts.map(({ columns }) => columns);
  const total = widths.reduce((sum, columns) => sum + columns, 0);
  if (total !== set.dimension) {
    throw new InputError(`tables: the nets give ${total} numbers a face, the features have ${set.dimension}`);
  }
  const first = (nets: number) => selectColumns(set, 0, sum(widths.slice(0, nets)));
  const score = (metric: PairMetric, features: FeatureSet) =>
    verification(scoreFolds(metric, features, folds), metric.name);
  const variant = (code: MeasuredVariant["code"], nets: number) =>
    variants.find((own) => own.code === code && own.nets === nets)?.matcher;
  const alone = parts.map((part, i) => selectColumns(set, sum(widths.slice(0, i)), part.columns));
  const combined = score(jointBayesian(matcher), set);
  const regions = parts.map(({ name, matcher: own }, i) => ({
    name,
    accuracy: score(jointBayesian(own), alone[i]).accuracy,
  }));
  const single = score(jointBayesian(variant("real", 1) ?? parts[0].matcher), alone[0]);
  const curve = [
    1,
    ...variants.filter(({ code, nets }) => code === "real" && nets > 1).map(({ nets }) => nets),
  ]
    .filter((nets) => nets < parts.length)
    .map((nets) => ({
      nets,
      accuracy:
        nets === 1 ? single.accuracy : score(jointBayesian(variant("real", nets)!), first(nets)).accuracy,
    }));
  const binary = [...new Set([1, parts.length])].map((nets) => {
    const features = nets === parts.length ? set : first(nets);
    const own = variant("binary", nets);
    return {
      nets,
      jointBayesian: own ? score(jointBayesian(own), bitsAsNumbers(features)) : null,
      hamming: score(hamming(), features),
    };
  });
  return {
    nets: parts.length,
    pairs: sum(folds.map((fold) => fold.length)),
    combined,
    single,
    sumOfRatios: score(sumOfRatios(parts, alone), set),
    cosine: score(cosine, set),
    binary,
    curve: [...curve, { nets: parts.length, accuracy: combined.accuracy }],
    regions,
  };
}

/** The sum of every net's own log likelihood ratio. */
function sumOfRatios(parts: readonly MeasuredPart[], alone: readonly FeatureSet[]): PairMetric {
  return pairMetric("sum of log likelihood ratios", () => {
    const projected = parts.map(({ matcher }, i) => ({ pair: matcher.pair, ...matcher.project(alone[i]) }));
    return (a, b) =>
      sum(
        projected.map(({ pair, values, columns }) =>
          pair(
            values.subarray(a * columns, (a + 1) * columns),
            values.subarray(b * columns, (b + 1) * columns),
          ),
        ),
      );
  });
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
