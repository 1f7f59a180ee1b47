/** Robustness measured level by level, each source by itself; what is measured is kept, so that a stopped study resumes. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../../../base/errors/index.ts";
import { sha256, writeFileAtomic } from "../../../base/files/index.ts";
import { type Progress, type StagedProgress, stageOf } from "../../../base/progress/index.ts";
import type { AlignedFaces } from "../../../faces/data/index.ts";
import type { FeatureSet } from "../../../matching/features/index.ts";
import { readFeatures, writeFeatures } from "../../../matching/files/index.ts";
import type { LabelledPair } from "../../../matching/protocols/index.ts";
import {
  type CleanReference,
  type Corruption,
  cleanReference,
  corruptedFaces,
  measureRobustness,
  type RobustLevel,
  type RobustMeasurement,
} from "../../studies/index.ts";
import type { PlannedCorruption } from "./corruptions.ts";
import type { RobustSource } from "./robustSources.ts";

export interface RobustnessPlan {
  readonly sources: readonly RobustSource[];
  readonly faces: AlignedFaces;
  readonly folds: readonly (readonly LabelledPair[])[];
  readonly corruptions: readonly PlannedCorruption[];
  /** Whose mean activations are drawn. */
  readonly person: string;
  readonly seed: number;
  /** Where what is measured is kept. */
  readonly folder: string;
  /** Whether features of every level are kept too. */
  readonly keepFeatures?: boolean;
  /** Measure nothing: only what is kept already counts. */
  readonly asMeasured?: boolean;
}

/** One source on faces spoiled in one way; level 0 is clean, whatever the way. */
interface Step {
  readonly source: RobustSource;
  readonly corruption: Corruption;
  readonly level: number;
}

/** Measures what is not measured yet. Levels lack the sources for which nothing is kept where nothing is to be measured. */
export async function measureLevels(
  plan: RobustnessPlan,
  progress: StagedProgress = {},
): Promise<RobustLevel[]> {
  const steps = orderOf(plan);
  const kept = new Map<string, RobustMeasurement[]>();
  const place = ({ source, corruption, level }: Step) =>
    `${source.name} ${level === 0 ? "clean" : `${corruption.name} ${level}`}`;
  let clean: { of: RobustSource; references: CleanReference[] } | undefined;
  for (const [done, step] of steps.entries()) {
    const { source } = step;
    const { file, key } = whereKept(plan, step);
    let measured = await readKept(file, key);
    if (!measured && !plan.asMeasured) {
      const what = `${place(step)} (${done + 1} of ${steps.length})`;
      if (clean?.of !== source) clean = { of: source, references: await openClean(plan, source, progress) };
      measured = await measureStep(plan, step, clean.references, stageOf(progress, what));
      await writeFileAtomic(file, `${JSON.stringify({ key, measurements: measured })}\n`);
    }
    if (measured) kept.set(place(step), measured);
  }
  return plan.corruptions.flatMap(({ corruption, levels }) =>
    [0, ...levels].flatMap((level) => {
      const measurements = plan.sources.flatMap(
        (source) => kept.get(place({ source, corruption, level })) ?? [],
      );
      return measurements.length === 0 ? [] : [{ corruption: corruption.name, level, measurements }];
    }),
  );
}

/**
 * First clean faces and the levels that the paper's text gives numbers for, then all others; within either, source by
 * source, those of fewest nets first.
 */
function orderOf({ sources, corruptions }: RobustnessPlan): Step[] {
  const clean = { corruption: corruptions[0].corruption, level: 0 };
  const all = [
    clean,
    ...corruptions.flatMap(({ corruption, levels }) => levels.map((level) => ({ corruption, level }))),
  ];
  const isPapers = ({ corruption: { name }, level }: (typeof all)[number]) =>
    level === 0 || (name === "partial" && level === 40) || (name === "block" && level === 50);
  const cheapFirst = [...sources].sort((p, q) => p.cost - q.cost);
  return [all.filter(isPapers), all.filter((step) => !isPapers(step))].flatMap((steps) =>
    cheapFirst.flatMap((source) => steps.map((step) => ({ source, ...step }))),
  );
}

async function measureStep(
  plan: RobustnessPlan,
  { source, corruption, level }: Step,
  clean: readonly CleanReference[],
  progress: Progress,
): Promise<RobustMeasurement[]> {
  const faces = corruptedFaces(plan.faces, corruption, { level, seed: plan.seed });
  const sets = await featuresOf(plan, source, { name: fileName(corruption, level), faces, progress });
  const { folds, person } = plan;
  return source.systems.map((system, i) =>
    measureRobustness(system, sets[i], { folds, clean: clean[i], person }),
  );
}

async function openClean(
  plan: RobustnessPlan,
  source: RobustSource,
  staged: StagedProgress,
): Promise<CleanReference[]> {
  const progress = stageOf(staged, `${source.name}, clean`);
  const sets = await featuresOf(plan, source, { name: "clean", faces: plan.faces, progress });
  return sets.map((set) => cleanReference(set, plan.person));
}

interface Wanted {
  readonly name: string;
  readonly faces: Parameters<RobustSource["extract"]>[0];
  readonly progress: Progress;
}

/** Features from their files, or computed; clean ones are always kept, as every level is compared with them. */
async function featuresOf(
  { folder, keepFeatures, faces: all, seed }: RobustnessPlan,
  source: RobustSource,
  { name, faces, progress }: Wanted,
): Promise<FeatureSet[]> {
  const paths = source.systems.map((system) =>
    join(folder, "features", slug(source.name), `${name}-${slug(system.name)}.safetensors`),
  );
  const key = hash([source.key, all.names, all.key, seed]);
  if (paths.every((path) => existsSync(path))) {
    const kept = await Promise.all(paths.map((path) => readFeatures(path)));
    if (kept.every(({ provenance }) => provenance.key === key)) return kept.map(({ set }) => set);
  }
  const sets = await source.extract(faces, progress);
  if (keepFeatures || name === "clean") {
    for (const [i, path] of paths.entries()) await writeFeatures(path, sets[i], { key });
  }
  return sets;
}

const fileName = ({ name }: Corruption, level: number) => (level === 0 ? "clean" : `${name}-${level}`);
const slug = (name: string) => name.replaceAll(/[^\w.]+/g, "-");
const hash = (value: unknown) => sha256(JSON.stringify(value));

/** The file of a step, and a key that changes whenever numbers of the same name could differ. */
function whereKept(
  { faces, folds, person, seed, folder }: RobustnessPlan,
  { source, corruption, level }: Step,
) {
  const file = join(folder, "levels", slug(source.name), `${fileName(corruption, level)}.json`);
  const names = source.systems.map(({ name, role }) => [name, role]);
  return { file, key: hash([source.key, names, faces.names, faces.key, folds, person, seed]) };
}

async function readKept(file: string, key: string): Promise<RobustMeasurement[] | undefined> {
  if (!existsSync(file)) return undefined;
  const { key: found, measurements } = JSON.parse(await readFile(file, "utf8")) as {
    key: string;
    measurements: RobustMeasurement[];
  };
  if (found === key) return measurements;
  throw new InputError(
    `${file}: was measured with other features, pictures, pairs or another seed; choose another --out, or remove the folder`,
  );
}
