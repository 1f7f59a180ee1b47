/**
 * Tables 1 to 4 and Figures 3 to 5 for one system and any set of test faces: everything that is computed from the
 * features of those faces and matchers that have never seen them.
 */
import { InputError } from "../../base/errors/index.ts";
import { type FeatureSet, selectColumns } from "../../matching/features/index.ts";
import {
  cosine,
  type FeatureColumns,
  hamming,
  jointBayesianOn,
  type Matcher,
  type PairMetric,
  projectFeatures,
} from "../../matching/match/index.ts";
import {
  type LabelledPair,
  type ScoredPair,
  scoreFolds,
  type Verification,
  verification,
} from "../../matching/protocols/index.ts";
import type { Matrix, Multiply } from "../../math/linalg/index.ts";

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
  /** The matcher of all parts, and the coordinates of `set`'s rows under it where they are known already. */
  readonly matcher: Matcher;
  readonly coordinates?: Matrix;
  readonly variants: readonly MeasuredVariant[];
  /** A faster matrix product: 25 nets take minutes without. */
  readonly multiply?: Multiply;
  /** Told after each way of comparing, how many of all are done. */
  readonly onProgress?: (done: number, total: number) => void;
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
export async function verificationTables(options: MeasureOptions): Promise<VerificationTables> {
  const { set, folds, parts, matcher, variants, coordinates } = options;
  const starts = startsOf(parts, set.dimension);
  const nets = parts.length;
  const judge = createJudge(options);
  const variant = (code: MeasuredVariant["code"], of: number) =>
    variants.find((own) => own.code === code && own.nets === of)?.matcher;

  const combined = judge.told(await judge.ratios(matcher, { set }, coordinates));
  const alone: ScoredPair[][][] = [];
  for (const [i, { matcher: own, columns }] of parts.entries()) {
    alone.push(await judge.ratios(own, { set, from: starts[i], columns }));
  }
  const regions = alone.map((scored, i) => ({ name: parts[i].name, accuracy: judge.told(scored).accuracy }));
  const first = variant("real", 1);
  const single = judge.told(first ? await judge.ratios(first, { set, columns: starts[1] }) : alone[0]);
  const curve = [{ nets: 1, accuracy: single.accuracy }];
  for (const own of variants) {
    if (own.code !== "real" || own.nets === 1 || own.nets >= nets) continue;
    const { accuracy } = judge.told(await judge.ratios(own.matcher, { set, columns: starts[own.nets] }));
    curve.push({ nets: own.nets, accuracy });
  }
  if (nets > 1) curve.push({ nets, accuracy: combined.accuracy });
  const binary: VerificationTables["binary"][number][] = [];
  for (const count of new Set([1, nets])) {
    const own = variant("binary", count);
    const columns = starts[count];
    binary.push({
      nets: count,
      jointBayesian: own ? judge.told(await judge.ratios(own, { set, columns, bits: true })) : null,
      hamming: judge.by(hamming(), selectColumns(set, 0, columns)),
    });
  }
  return {
    nets,
    pairs: folds.reduce((sum, fold) => sum + fold.length, 0),
    combined,
    single,
    sumOfRatios: judge.told(sumOf(alone), "sum of log likelihood ratios"),
    cosine: judge.by(cosine, set),
    binary,
    curve,
    regions,
  };
}

/** The first column of each part, and one past the last of all. */
function startsOf(parts: readonly MeasuredPart[], dimension: number): number[] {
  const starts = [0];
  for (const { columns } of parts) starts.push(starts.at(-1)! + columns);
  if (starts.at(-1) !== dimension) {
    throw new InputError(
      `tables: the nets give ${starts.at(-1)} numbers a face, the features have ${dimension}`,
    );
  }
  return starts;
}

/** Ways of scoring the pairs, counted as they are told. */
function createJudge({ set, folds, parts, variants, multiply, onProgress }: MeasureOptions) {
  // All nets by ratios, by their sum and by cosine; each net; each variant; bits of one net and of all.
  const total = 3 + parts.length + variants.length + Math.min(2, parts.length);
  let done = 0;
  const told = (scored: ScoredPair[][], name = "joint Bayesian"): Verification => {
    onProgress?.(Math.min(++done, total), total);
    return verification(scored, name);
  };
  return {
    told,
    by: (metric: PairMetric, features: FeatureSet) => told(scoreFolds(metric, features, folds), metric.name),
    async ratios(matcher: Matcher, columns: FeatureColumns, known?: Matrix): Promise<ScoredPair[][]> {
      const coordinates = known ?? (await projectFeatures(matcher, columns, multiply));
      return scoreFolds(jointBayesianOn(matcher, coordinates), set, folds);
    },
  };
}

/** The sum of what every net says of each pair. */
const sumOf = ([first, ...others]: readonly ScoredPair[][][]): ScoredPair[][] =>
  first.map((fold, f) =>
    fold.map(({ same, score }, i) => ({
      same,
      score: others.reduce((sum, scored) => sum + scored[f][i].score, score),
    })),
  );
