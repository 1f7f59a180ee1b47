/**
 * Do features stand spoiled faces? Paper: Section 7, Figs 15 to 17: verification with both faces of every pair spoiled,
 * everything learned on clean faces; and how far activations move.
 */
import { InputError } from "../errors/index.ts";
import { type BinaryCodes, binarise, type FeatureSet, rowOf } from "../features/index.ts";
import { codeOf, cosine, hammingDistance, type PairMetric } from "../match/index.ts";
import { type LabelledPair, scoreFolds, verification } from "../protocols/index.ts";
import { type Finding, percent } from "./finding.ts";

/** Features and the way they are compared. */
export interface RobustSystem {
  /** "FC-4", "LBP", "25 nets": a curve's name. */
  readonly name: string;
  readonly metric: PairMetric;
  /** Whether the claim is about it; the others are what it is compared with. */
  readonly subject: boolean;
}

/** One system at one level. */
export interface RobustMeasurement {
  readonly name: string;
  readonly metric: string;
  readonly subject: boolean;
  readonly accuracy: number;
  readonly standardError: number;
  /** Accuracy by cosine, which needs no learning: for systems of which only some have a matcher. */
  readonly byCosine: number;
  /** Share of the bits (activation above zero) that differ from those of the clean face. */
  readonly flipped: number;
  /** Mean activations [dimension] over the pictures of the person asked for, and their correlation with the clean ones. */
  readonly strip: readonly number[] | null;
  readonly correlation: number | null;
}

export interface RobustLevel {
  readonly corruption: string;
  readonly level: number;
  readonly measurements: readonly RobustMeasurement[];
}

/** What of a system's clean features the spoiled ones are compared with. */
export interface CleanReference {
  readonly codes: BinaryCodes;
  readonly strip: Float64Array | null;
}

export function cleanReference(set: FeatureSet, person: string | undefined): CleanReference {
  return { codes: binarise(set), strip: person === undefined ? null : meanOver(set, person) };
}

/** Measures `system` on spoiled features `set` of the same rows as the clean ones; `folds` are pairs of rows. */
export function measureRobustness(
  { name, metric, subject }: RobustSystem,
  set: FeatureSet,
  {
    folds,
    clean,
    person,
  }: { folds: readonly (readonly LabelledPair[])[]; clean: CleanReference; person?: string },
): RobustMeasurement {
  const { accuracy } = verification(scoreFolds(metric, set, folds), metric.name);
  const byCosine =
    metric.name === cosine.name
      ? accuracy
      : verification(scoreFolds(cosine, set, folds), cosine.name).accuracy;
  const strip = person === undefined ? null : meanOver(set, person);
  return {
    ...{ name, metric: metric.name, subject },
    ...{ accuracy: accuracy.mean, standardError: accuracy.standardError, byCosine: byCosine.mean },
    flipped: shareFlipped(clean.codes, binarise(set)),
    strip: strip && [...strip].map((value) => Number(value.toPrecision(4))),
    correlation: strip && clean.strip && pearson(strip, clean.strip),
  };
}

function shareFlipped(before: BinaryCodes, after: BinaryCodes): number {
  if (!(before.rows === after.rows && before.bits === after.bits)) {
    throw new InputError(
      `robustness: clean features are [${before.rows}, ${before.bits}], spoiled ones [${after.rows}, ${after.bits}]`,
    );
  }
  let flipped = 0;
  for (let row = 0; row < before.rows; row++)
    flipped += hammingDistance(codeOf(before, row), codeOf(after, row));
  return flipped / (before.rows * before.bits);
}

/** The mean row of one person's pictures. */
function meanOver(set: FeatureSet, person: string): Float64Array {
  const sum = new Float64Array(set.dimension);
  let count = 0;
  for (const [row, identity] of set.identities.entries()) {
    if (identity !== person) continue;
    count++;
    for (const [j, value] of rowOf(set, row).entries()) sum[j] += value;
  }
  if (count === 0) throw new InputError(`robustness: there are no pictures of ${person}`);
  return sum.map((value) => value / count);
}

function pearson(a: Float64Array, b: Float64Array): number {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value / values.length, 0);
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - ma) * (b[i] - mb);
    aa += (a[i] - ma) ** 2;
    bb += (b[i] - mb) ** 2;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}

/** Levels as curves: for each corruption and system its accuracy from clean to strong. */
export interface RobustCurve {
  readonly corruption: string;
  readonly system: string;
  readonly subject: boolean;
  readonly points: readonly { readonly level: number; readonly accuracy: number; readonly flipped: number }[];
}

export function robustCurves(levels: readonly RobustLevel[]): RobustCurve[] {
  const corruptions = [...new Set(levels.map(({ corruption }) => corruption))];
  return corruptions.flatMap((corruption) => {
    const own = levels.filter((level) => level.corruption === corruption).sort((p, q) => p.level - q.level);
    return own[0].measurements.map(({ name, subject }) => ({
      ...{ corruption, system: name, subject },
      points: own.flatMap(({ level, measurements }) => {
        const found = measurements.find((of) => of.name === name);
        return found ? [{ level, accuracy: found.accuracy, flipped: found.flipped }] : [];
      }),
    }));
  });
}

/** What is left of the lead over guessing at which a system counts as robust. */
export const ROBUST = 0.5;

/** The paper's numbers for a level, where its text gives them. */
const PAPER: readonly { corruption: string; level: number; what: string; numbers: string }[] = [
  {
    corruption: "partial",
    level: 40,
    what: "40 % covered from the bottom",
    numbers: "25 nets 93.9 %, FC-2 to FC-4 of one net above 90 %, LBP below 70 %",
  },
  {
    corruption: "block",
    level: 50,
    what: "a random block of 50 x 50 pixels",
    numbers: "25 nets 92.4 %, FC-4 of one net 89.2 %, LBP about 70 %",
  },
  {
    corruption: "partial",
    level: 70,
    what: "only forehead and hair left (70 % covered)",
    numbers: "25 nets 88.2 %",
  },
];

/**
 * Whether the claim holds: at the paper's two levels the last subject (the deepest tap) keeps half of its lead over
 * guessing, and a larger share of it than any system it is compared with.
 */
export function robustnessFinding(levels: readonly RobustLevel[]): Finding {
  const curves = robustCurves(levels);
  const judged = PAPER.slice(0, 2).flatMap(({ corruption, level, what }) => {
    const kept = curves
      .filter((curve) => curve.corruption === corruption)
      .flatMap((curve) => keptAt(curve, level));
    const subject = kept.filter((of) => of.subject).at(-1);
    if (!subject) return [];
    const rival = kept
      .filter((of) => !of.subject)
      .reduce((most, { share }) => Math.max(most, share), -Infinity);
    return [{ what, subject, rival, robust: subject.share >= ROBUST && subject.share > rival }];
  });
  const holds = judged.length === 0 ? null : judged.every(({ robust }) => robust);
  const told = judged.map(
    ({ what, subject, rival }) =>
      `with ${what} ${subject.system} keeps ${percent(subject.share, 0)} of its lead over guessing ` +
      `(${percent(subject.accuracy)} right)${Number.isFinite(rival) ? `, what it is compared with ${percent(rival, 0)}` : ""}`,
  );
  return {
    study: "robustness",
    claim:
      "Features of deeper layers lose little when faces are covered, though nothing was learned from covered faces; LBP loses much.",
    where: "Section 7, Figs 14 to 17",
    holds,
    verdict:
      holds === null
        ? "Cannot be told: neither of the paper's levels (40 % covered, a block of 50) was measured."
        : `${holds ? "Holds" : "Does not hold"} here: ${told.join("; ")}.`,
    numbers: [
      ...cleanNumbers(curves),
      ...PAPER.flatMap(({ corruption, level, what, numbers }) => {
        const ours = curves
          .filter((curve) => curve.corruption === corruption)
          .flatMap(({ system, points }) =>
            points.filter((p) => p.level === level).map((p) => ({ system, ...p })),
          );
        if (ours.length === 0) return [];
        return [
          { what, paper: numbers, ours: ours.map((p) => `${p.system} ${percent(p.accuracy)}`).join(", ") },
        ];
      }),
    ],
  };
}

function cleanNumbers(curves: readonly RobustCurve[]) {
  const first = curves.filter(({ corruption }) => corruption === curves[0].corruption);
  const clean = first.flatMap(({ system, points }) =>
    points.filter(({ level }) => level === 0).map(({ accuracy }) => `${system} ${percent(accuracy)}`),
  );
  if (clean.length === 0) return [];
  return [
    {
      what: "clean faces",
      paper: "25 nets 99.47 %, FC-4 of the best single net 98.70 %, LBP 95.17 %",
      ours: clean.join(", "),
    },
  ];
}

function keptAt({ system, subject, points }: RobustCurve, level: number) {
  const clean = points.find((point) => point.level === 0);
  const spoiled = points.find((point) => point.level === level);
  if (!clean || !spoiled) return [];
  const share = (spoiled.accuracy - 0.5) / (clean.accuracy - 0.5);
  return [{ system, subject, share, accuracy: spoiled.accuracy }];
}
