/** Are the features still good as bits? Joint Bayesian and Hamming distance. Paper: Section 5, Table 4. */
import { InputError } from "../../../base/errors/index.ts";
import { type StagedProgress, stageOf } from "../../../base/progress/index.ts";
import { columns, count, formatPercent } from "../../../base/text/index.ts";
import { pairsAmong, rowsOfPairs } from "../../../faces/data/index.ts";
import {
  bitsAsNumbers,
  columnMedians,
  type FeatureSet,
  type PairList,
  selectColumns,
} from "../../../matching/features/index.ts";
import { codeProjections, jointBayesian } from "../../../matching/match/index.ts";
import {
  assertNoOverlap,
  type BitThreshold,
  binaryCodes,
  foldsOf,
  type LabelledPair,
  scoreFolds,
  type Verification,
  verification,
} from "../../../matching/protocols/index.ts";
import { createMultiply } from "../../../math/engine/index.ts";
import type { SessionOptions } from "../../../math/session/index.ts";
import { type FaceSystem, lengthOf } from "../../../nets/net/index.ts";
import {
  type ChooseMatcherOptions,
  chooseMatcher,
  type NamedFeatures,
  RELEASE_DEFAULTS,
} from "../../../nets/train/index.ts";
import { barFigure } from "../../report/index.ts";
import type { Evaluation } from "./evaluation.ts";

export interface CodesChoice extends SessionOptions {
  /** People to learn from, and others to choose the size on; nobody is in two sets. */
  readonly matching: NamedFeatures;
  readonly validation: NamedFeatures;
  /** Where a bit begins (default: both are tried). */
  readonly threshold?: BitThreshold;
  /** Numbers of principal components to choose from. */
  readonly components?: readonly number[];
  /** Of the pairs that sizes are chosen on. */
  readonly seed?: number;
  /** Of several nets the first alone is scored, too. */
  readonly system?: FaceSystem;
}

type Accuracy = Pick<Verification, "accuracy" | "auc" | "equalErrorRate" | "folds">;

export interface ScoredCodes {
  readonly name: string;
  readonly nets: number;
  readonly real: Accuracy & { readonly components: number };
  readonly binary: readonly {
    /** What the bits are the signs of: neurons, as in the paper, or a gallery's codes (of the matcher's coordinates). */
    readonly of: "neurons" | "matcher";
    readonly threshold: BitThreshold;
    readonly bits: number;
    readonly bytes: number;
    readonly firing: number;
    readonly components: number;
    readonly jointBayesian: Accuracy;
    readonly hamming: Accuracy;
  }[];
}

export interface CodesData {
  readonly systems: readonly ScoredCodes[];
  readonly matching: { readonly people: number; readonly pictures: number };
  readonly validation: { readonly people: number; readonly pictures: number };
}

/** Verifies the pairs of `list` by features as they are and by their bits, with matchers learned alike for both. */
export async function evaluateCodes(
  test: FeatureSet,
  list: PairList,
  choice: CodesChoice,
  progress: StagedProgress = {},
): Promise<Evaluation<CodesData>> {
  const { system } = choice;
  checkSets(test, choice);
  const [matching, validation] = [choice.matching.set, choice.validation.set];
  const { folds } = foldsOf(rowsOfPairs(pairsAmong(list, test.names), test.names));
  await using engine = createMultiply(choice);
  const learning = {
    components: choice.components ?? RELEASE_DEFAULTS.components,
    seed: choice.seed ?? 1,
    multiply: engine.multiply,
    blockSize: Number(choice.matching.provenance?.blockSize ?? test.dimension),
  };
  const parts = partsOf(system, test.dimension);
  const { onProgress } = stageOf(progress, "learning");
  const systems: ScoredCodes[] = [];
  for (const [i, { name, nets, columns }] of parts.entries()) {
    onProgress?.(i, parts.length);
    const of = (set: FeatureSet) => selectColumns(set, 0, columns);
    const sets = { test: of(test), matching: of(matching), validation: of(validation) };
    systems.push({ name, nets, ...(await scoreCodes(sets, folds, learning, choice.threshold)) });
  }
  return {
    data: { systems, matching: sizesOf(matching), validation: sizesOf(validation) },
    text: describe(systems),
    figure: () => figureOf(systems),
  };
}

function checkSets(test: FeatureSet, { matching, validation }: CodesChoice): void {
  assertNoOverlap(matching.set.identities, validation.set.identities);
  for (const [role, { set, name = role }] of Object.entries({ matching, validation })) {
    const { dimension, identities } = set;
    if (dimension !== test.dimension) {
      throw new InputError(
        `${name}: needs features of dimension ${test.dimension} like the test's, got ${dimension}`,
      );
    }
    assertNoOverlap(identities, test.identities);
  }
}

/** What is scored: of several nets the first alone and all together. */
function partsOf(system: FaceSystem | undefined, dimension: number) {
  const all = { name: system?.name ?? "features", nets: system?.parts.length ?? 1, columns: dimension };
  if (all.nets === 1) return [all];
  const [first] = system!.parts;
  return [{ name: first.card.name, nets: 1, columns: lengthOf(first) }, all];
}

type Sets = Readonly<Record<"test" | "matching" | "validation", FeatureSet>>;
type Folds = readonly (readonly LabelledPair[])[];

async function scoreCodes(
  { test, matching, validation }: Sets,
  folds: Folds,
  learning: ChooseMatcherOptions,
  threshold: BitThreshold | undefined,
): Promise<Omit<ScoredCodes, "name" | "nets">> {
  const { matcher, components } = await chooseMatcher(matching, validation, learning);
  const real = verification(scoreFolds(jointBayesian(matcher), test, folds), "joint-bayesian");
  const neurons = { test, matching, validation };
  const binary: ScoredCodes["binary"][number][] = [];
  for (const where of threshold === undefined ? (["zero", "median"] as const) : [threshold])
    binary.push({ of: "neurons", ...(await scoreBits(neurons, folds, learning, where)) });
  const codes = (set: FeatureSet) => codeProjections(matcher, set, learning.multiply);
  const projected = {
    test: await codes(test),
    matching: await codes(matching),
    validation: await codes(validation),
  };
  binary.push({ of: "matcher", ...(await scoreBits(projected, folds, learning, "zero")) });
  return { real: { ...short(real), components }, binary };
}

/** The bits of `sets` by Joint Bayesian, fitted to the bits of others, and by Hamming distance. */
async function scoreBits(
  { test, matching, validation }: Sets,
  folds: Folds,
  learning: ChooseMatcherOptions,
  threshold: BitThreshold,
) {
  const bitsOfValidation = bitsAsNumbers(
    validation,
    threshold === "median" ? columnMedians(matching) : undefined,
  );
  const learn = async (bits: FeatureSet) =>
    (await chooseMatcher(bits, bitsOfValidation, { ...learning, blockSize: 0 })).matcher;
  const result = await binaryCodes(test, folds, { training: matching, threshold, learn });
  return { ...result, jointBayesian: short(result.jointBayesian), hamming: short(result.hamming) };
}

const short = ({ accuracy, auc, equalErrorRate, folds }: Verification): Accuracy => ({
  accuracy,
  auc,
  equalErrorRate,
  folds,
});

const sizesOf = ({ rows, identities }: FeatureSet) => ({ people: new Set(identities).size, pictures: rows });

/** Every accuracy with its name. */
const rowsOf = (systems: readonly ScoredCodes[]) =>
  systems.flatMap(({ name, real, binary }) => [
    { name: `${name}, real, Joint Bayesian`, ...real.accuracy, highlight: true },
    ...binary.flatMap(({ of, threshold, bits, jointBayesian: learned, hamming }) => {
      const start =
        of === "matcher" ? "of a gallery's codes" : `above ${threshold === "zero" ? "0" : "the median"}`;
      const code = `${name}, ${count(bits)} bits ${start}`;
      return [
        { name: `${code}, Joint Bayesian`, ...learned.accuracy, highlight: false },
        { name: `${code}, Hamming`, ...hamming.accuracy, highlight: false },
      ];
    }),
  ]);

const figureOf = (systems: readonly ScoredCodes[]): string =>
  barFigure(
    rowsOf(systems).map(({ name, mean, standardError, highlight }) => ({
      name: name.replace("Joint Bayesian", "JB"),
      value: mean,
      error: standardError,
      highlight,
    })),
    { label: "Verification accuracy", from: 0.5, to: 1 },
  );

function describe(systems: readonly ScoredCodes[]): string {
  const rows = rowsOf(systems).map(
    ({ name, mean, standardError }) =>
      [name, formatPercent(mean, { digits: 2, error: standardError })] as const,
  );
  const codes = systems.map(({ name, binary }) => `${name}: ${binary[0].bytes} bytes a face`).join("; ");
  return `${columns(rows)}\n${codes}`;
}
