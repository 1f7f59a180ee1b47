/** What a reproduction is measured with: models, faces, pairs. */
import { join } from "node:path";
import { InputError } from "../../../base/errors/index.ts";
import { readPairs } from "../../../faces/data/index.ts";
import type { PairList } from "../../../matching/features/index.ts";
import type { IdentificationSizes } from "../../../matching/protocols/index.ts";
import { isSystem, partsOf } from "../../../nets/net/index.ts";
import type { OpenFaces } from "../../../cli/support/faces.ts";
import type { Io } from "../../../cli/support/io.ts";
import type { Output } from "../../../cli/support/output.ts";
import type { PlannedCorruption } from "../study/corruptions.ts";
import type { SourceOptions } from "../study/robustSources.ts";
import { openSubjects } from "../../../cli/support/subjects.ts";
import { SYNTHETIC_DEFAULTS } from "../../../faces/data/synthetic/syntheticFaces.ts";

export interface Material extends AsyncDisposable {
  readonly subjects: OpenFaces;
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

export interface MaterialOptions {
  readonly system?: string;
  readonly model?: string;
  readonly lbp?: string;
  readonly matcher?: SourceOptions["matcher"];
  readonly images?: string;
  readonly landmarks?: string;
  readonly pairs?: string;
  readonly attributes?: string;
  readonly cache?: string;
}

/** LFW, or any set in its layout. */
export async function lfwMaterial(
  options: MaterialOptions,
  { io, output }: { io: Io; output: Output },
): Promise<Material> {
  const { system, images, lbp, matcher } = options;
  if (system === undefined || images === undefined || options.pairs === undefined) {
    throw new InputError("reproduce: needs --system, --images and --pairs, or --demo alone");
  }
  const first = isSystem(system) ? join(system, (await partsOf(system))[0]) : system;
  const pairs = await readPairs(options.pairs);
  const { people, pictures, seed: populationSeed } = SYNTHETIC_DEFAULTS; // not used with LFW
  const data = { ...options, data: "lfw" as const, people, pictures, populationSeed };
  const subjects = await openSubjects(data, io, output);
  return {
    subjects,
    pairs,
    system,
    lbp,
    matcher,
    model: options.model ?? first,
    test: "LFW, View 2",
    [Symbol.asyncDispose]: () => subjects[Symbol.asyncDispose](),
  };
}
