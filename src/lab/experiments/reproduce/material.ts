/** What a reproduction is measured with: models, faces, pairs. */
import { join } from "node:path";
import type { PairList } from "../../../matching/features/index.ts";
import type { IdentificationSizes } from "../../../matching/protocols/index.ts";
import { isSystem, partsOf } from "../../../nets/models/index.ts";
import type { PlannedCorruption } from "../study/corruptions.ts";
import type { SourceOptions } from "../study/robustSources.ts";
import type { StudySubjects } from "../study/subjects.ts";

export interface Material {
  readonly subjects: StudySubjects;
  readonly pairs: PairList;
  /** What the pairs are of: "LFW, View 2". */
  readonly test: string;
  /** The system of the tables; `model` is the net whose neurons are studied. */
  readonly system: string;
  readonly model: string;
  readonly lbp?: string;
  readonly matcher?: SourceOptions["matcher"];
  /** What suits its size: fewest pictures of a person asked about, folds and levels of robustness, identification lists. */
  readonly own?: {
    readonly leastPictures: number;
    readonly folds: number;
    readonly corruptions: readonly PlannedCorruption[];
    readonly identification: IdentificationSizes;
    readonly seeds: number;
  };
}

/** LFW, or any set in its layout. */
export interface LfwMaterial {
  readonly subjects: StudySubjects;
  readonly pairs: PairList;
  /** The system of the tables, from `deepid combine`, or one model. */
  readonly system: string;
  /** The net whose neurons are studied (default: the system's first). */
  readonly model?: string;
  readonly lbp?: string;
  readonly matcher?: SourceOptions["matcher"];
}

/** The material of a reproduction on LFW. */
export async function lfwMaterial({ system, model, ...rest }: LfwMaterial): Promise<Material> {
  const first = isSystem(system) ? join(system, (await partsOf(system))[0]) : system;
  return { ...rest, system, model: model ?? first, test: "LFW, View 2" };
}
