/** Every study of one model on one set of faces, for one page. */
import { join } from "node:path";
import type { Progress, StagedProgress } from "../../../base/progress/index.ts";
import { stageOf } from "../../../base/progress/index.ts";
import type { AlignedFaces } from "../../../faces/data/index.ts";
import type { FeatureSet, PairList } from "../../../matching/features/index.ts";
import { cachedFeatures } from "../../../matching/files/index.ts";
import type { PairMetric } from "../../../matching/match/index.ts";
import { attributeTasks, personTasks } from "../../../matching/probes/index.ts";
import type { LabelledPair } from "../../../matching/protocols/index.ts";
import { createMultiply } from "../../../math/engine/index.ts";
import type { NamedFeatures } from "../../studies/index.ts";
import { activationsPart } from "./activations.ts";
import type { PlannedCorruption } from "./corruptions.ts";
import { inSizes } from "./features.ts";
import type { StudyPart, StudySource } from "./page.ts";
import { studiedFaces } from "./pairs.ts";
import { measureLevels } from "./robustLevels.ts";
import { partOfPlan } from "./robustness.ts";
import { openSources, type RobustSource, type SourceOptions } from "./robustSources.ts";
import { selectivityPart } from "./selectivity.ts";
import { sparsityPart } from "./sparsity.ts";
import type { StudySubjects } from "./subjects.ts";

export interface AllOptions extends SourceOptions {
  readonly pairs?: PairList;
  readonly folds?: number;
  readonly corruptions: readonly PlannedCorruption[];
  readonly leastPictures: number;
  readonly drawPerson?: string;
  readonly together: boolean;
  readonly seed: number;
  /** Sizes in which LBP is compared with. */
  readonly compareDimensions?: readonly number[];
  /** Only levels of robustness that are measured already. */
  readonly asMeasured?: boolean;
  /** Where levels are kept. */
  readonly out: string;
  /** Where features of all faces are kept. */
  readonly featureCache: string;
}

/** Features of all faces by what the model is compared with, whole. */
export interface ComparedFeatures {
  readonly name: string;
  readonly set: FeatureSet;
  readonly metric: PairMetric;
}

export const COMPARED_SIZES: readonly number[] = [50, 100, 200, 400];

/** Sparsity, selectivity, histograms and robustness. */
export async function allStudies(
  { faces, attributes, description }: StudySubjects,
  options: AllOptions,
  progress: StagedProgress = {},
): Promise<{ parts: StudyPart[]; source: StudySource; compared: ComparedFeatures[] }> {
  const { seed, together, leastPictures, corruptions, asMeasured, out } = options;
  const sources = await openSources(options);
  try {
    const studied = studiedFaces(faces, options.pairs, options);
    const taps = await featuresOf(sources[0], faces, options, progress);
    const judged = taps.at(-1)!;
    const compared: ComparedFeatures[] = [];
    for (const source of sources.filter(({ systems }) => systems.every(({ role }) => role === "rival"))) {
      const sets = await featuresOf(source, faces, options, progress);
      compared.push(...sets.map(({ set }, i) => ({ ...source.systems[i], set })));
    }
    const rivals = compared.flatMap(({ name, set }) =>
      inSizes(name, set, options.compareDimensions ?? COMPARED_SIZES),
    );
    const { set } = judged;
    const tasks = [
      ...personTasks(set, { least: leastPictures }),
      ...(attributes ? attributeTasks(set, attributes) : []),
    ];
    const folds = rowsAmongAll(studied.folds, studied.faces.names, set.names);
    const sparse = sparsityPart(set, { folds, taps });
    await using engine = createMultiply(options);
    const { part: selective, ofNeurons } = await selectivityPart([judged, ...rivals], tasks, {
      seed,
      together,
      multiply: engine.multiply,
      ...judging(progress),
    });
    const asked = tasks.filter(({ name }) => ofNeurons.has(name));
    const scores = asked.map(({ name }) => ofNeurons.get(name)!);
    const histograms = await activationsPart(set, asked, { seed, scores });
    const folder = join(out, "robustness");
    const plan = { ...studied, sources, corruptions, seed, asMeasured, folder };
    const robust = await partOfPlan(plan, await measureLevels(plan, progress));
    return {
      parts: [sparse, selective, histograms, robust],
      source: {
        features: `${sources[0].name} ${judged.name}, ${description}`,
        pictures: faces.count,
        people: new Set(faces.identities).size,
        made: {
          sources: sources.map(({ name, systems, key }) => ({
            name,
            curves: systems.map((of) => of.name),
            key,
          })),
          seed,
          leastPictures,
          together,
          robustness: { folds: studied.folds.length, pictures: studied.faces.count, person: studied.person },
        },
      },
      compared,
    };
  } finally {
    await Promise.all(sources.map((source) => source.release()));
  }
}

/** Features of all faces by every system of `source`, from one pass, or as they were kept. */
async function featuresOf(
  source: RobustSource,
  faces: AlignedFaces,
  { featureCache }: Pick<AllOptions, "featureCache">,
  progress: StagedProgress,
): Promise<NamedFeatures[]> {
  let pass: ReturnType<RobustSource["extract"]> | undefined;
  const extract = () => {
    pass ??= source.extract(faces, stageOf(progress, `${source.name}, all faces`));
    return pass;
  };
  const features: NamedFeatures[] = [];
  for (const [i, { name, role }] of source.systems.entries()) {
    const compute = async () => (await extract())[i];
    const set = await cachedFeatures(featureCache, source.provenance[i], faces, compute);
    features.push({ name, set, subject: role !== "rival" });
  }
  return features;
}

/** The stages of judging, one after the other. */
export function judging({ stage, signal }: StagedProgress): Progress & { onStage(name: string): void } {
  let told = stage?.("judging");
  return {
    signal,
    onProgress: (done, total) => told?.(done, total),
    onStage(name) {
      told = stage?.(name);
    },
  };
}

/** Pairs of rows of `names` as pairs of rows of `all`. */
function rowsAmongAll(
  folds: readonly (readonly LabelledPair[])[],
  names: readonly string[],
  all: readonly string[],
): LabelledPair[][] {
  const place = new Map(all.map((name, row) => [name, row]));
  const rowIn = (row: number) => place.get(names[row])!;
  return folds.map((fold) => fold.map(({ a, b, same }) => ({ a: rowIn(a), b: rowIn(b), same })));
}
