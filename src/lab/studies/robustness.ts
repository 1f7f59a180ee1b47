/**
 * Do features stand spoiled faces? Paper: Section 7, Figs 15 to 17: verification with both faces of every pair spoiled,
 * everything learned on clean faces; and how far activations move.
 */
import { InputError } from "../../base/errors/index.ts";
import { type BinaryCodes, binarise, type FeatureSet, rowOf } from "../../matching/features/index.ts";
import { codeOf, cosine, hammingDistance, type PairMetric } from "../../matching/match/index.ts";
import { type LabelledPair, scoreFolds, verification } from "../../matching/protocols/index.ts";

/** The one the claim is judged by, what is the subject's too, and what both are compared with. */
export type Role = "judged" | "own" | "rival";

/** Features and the way they are compared. */
export interface RobustSystem {
  /** "FC-4", "LBP", "25 nets": a curve's name. */
  readonly name: string;
  readonly metric: PairMetric;
  readonly role: Role;
}

/** One system at one level. */
export interface RobustMeasurement {
  readonly name: string;
  readonly metric: string;
  readonly role: Role;
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
  { name, metric, role }: RobustSystem,
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
    name,
    metric: metric.name,
    role,
    accuracy: accuracy.mean,
    standardError: accuracy.standardError,
    byCosine: byCosine.mean,
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
  readonly role: Role;
  readonly points: readonly RobustPoint[];
}

export interface RobustPoint {
  readonly level: number;
  readonly accuracy: number;
  readonly standardError: number;
  readonly flipped: number;
}

export function robustCurves(levels: readonly RobustLevel[]): RobustCurve[] {
  const corruptions = [...new Set(levels.map(({ corruption }) => corruption))];
  return corruptions.flatMap((corruption) => {
    const own = levels.filter((level) => level.corruption === corruption).sort((p, q) => p.level - q.level);
    const systems = new Map(own.flatMap(({ measurements }) => measurements.map((of) => [of.name, of.role])));
    return [...systems].map(([system, role]) => ({
      corruption,
      system,
      role,
      points: own.flatMap(({ level, measurements }) => {
        const found = measurements.find((of) => of.name === system);
        if (!found) return [];
        const { accuracy, standardError, flipped } = found;
        return [{ level, accuracy, standardError, flipped }];
      }),
    }));
  });
}
