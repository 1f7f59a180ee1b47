/** The study of robustness as a whole: sources opened, levels measured, and what the page says of them. Paper: Section 7. */
import { writingTo } from "../../../base/files/index.ts";
import type { StagedProgress } from "../../../base/progress/index.ts";
import type { PairList } from "../../../matching/features/index.ts";
import type { PlannedCorruption } from "./corruptions.ts";
import type { StudyPart, StudySource } from "./page.ts";
import { studiedFaces } from "./pairs.ts";
import { measureLevels } from "./robustLevels.ts";
import { partOfPlan } from "./robustness.ts";
import { openSources, type SourceOptions } from "./robustSources.ts";
import type { StudySubjects } from "./subjects.ts";

export interface RobustStudyOptions extends SourceOptions {
  /** Where levels are kept: started again, the study resumes. */
  readonly out: string;
  readonly corruptions: readonly PlannedCorruption[];
  /** Default: drawn at random. */
  readonly pairs?: PairList;
  /** Only the first folds of the pairs. */
  readonly folds?: number;
  /** Whose mean activations are drawn (default: who has most pictures). */
  readonly drawPerson?: string;
  /** Of places, noise and pairs. */
  readonly seed: number;
  /** Whether features of every level are kept too. */
  readonly keepFeatures?: boolean;
  /** Measure nothing: only what is kept already counts. */
  readonly asMeasured?: boolean;
}

/** Measures what is not measured yet of the systems that `options` name, on spoiled faces of `subjects`. */
export async function robustnessStudy(
  { faces: all, description }: StudySubjects,
  { out: folder, pairs, ...options }: RobustStudyOptions,
  progress: StagedProgress = {},
): Promise<{ part: StudyPart; source: StudySource }> {
  const { corruptions, seed, keepFeatures, asMeasured } = options;
  const studied = studiedFaces(all, pairs, options);
  const sources = await openSources(options);
  try {
    const plan = { ...studied, sources, corruptions, seed, keepFeatures, asMeasured, folder };
    const part = await partOfPlan(plan, await writingTo(folder, () => measureLevels(plan, progress)));
    const systems = sources.flatMap(({ systems }) => systems.map(({ name }) => name)).join(", ");
    const source = {
      features: `${sources[0].name} (${systems}), ${description}`,
      pictures: plan.faces.count,
      people: new Set(plan.faces.identities).size,
    };
    return { part, source };
  } finally {
    await Promise.all(sources.map((source) => source.release()));
  }
}
