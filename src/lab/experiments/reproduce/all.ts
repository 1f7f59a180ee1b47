/** Tables and studies, one after the other. */

import type { StagedProgress } from "../../../base/progress/index.ts";
import type { IdentificationSizes } from "../../../matching/protocols/index.ts";
import type { SessionOptions } from "../../../math/session/index.ts";
import { isSystem } from "../../../nets/models/index.ts";
import { allStudies } from "../study/all.ts";
import { type CorruptionChoice, plannedCorruptions } from "../study/corruptions.ts";
import { dropoutPart, readDropout } from "../study/dropout.ts";
import type { Material } from "./material.ts";
import { measureTables } from "./measure.ts";
import type { Reproduction } from "./page.ts";
import { type PeerFiles, readPeer } from "./peers.ts";

/** What is measured, and how much of it. */
export interface ReproduceChoices extends SessionOptions, IdentificationSizes {
  /** Corruptions and levels of the study of robustness; the paper's two where nothing is chosen. */
  readonly corruption?: readonly CorruptionChoice[];
  /** A folder of cut-out things that cover faces. */
  readonly occluders?: string;
  /** Whose mean activations are drawn (default: who has most pictures). */
  readonly drawPerson?: string;
  readonly seed: number;
  /** Measures no further level of robustness: shows those that are kept. */
  readonly asMeasured?: boolean;
  /** Draws of the identification lists; 0: Table 3 is left out. */
  readonly seeds: number;
  readonly baseline?: string;
  readonly peer?: readonly PeerFiles[];
  readonly folds?: number;
  readonly leastPictures: number;
  readonly compareDimensions: number[];
  readonly together: boolean;
  /** What scripts/dropout.ts has written, to stand beside the other claims. */
  readonly dropout?: string;
  /** Where features are kept. */
  readonly featureCache: string;
  readonly out: string;
}

/** Measures everything that the material gives; what LBP is compared with by its neurons stands in the tables too. */
export async function reproduceAll(
  { subjects, pairs, test, system, own, ...models }: Material,
  options: ReproduceChoices,
  progress: StagedProgress = {},
): Promise<Omit<Reproduction, "seconds">> {
  const { baseline, peer = [], corruption, occluders, provider, threads } = options;
  const { people, faces, gallery, seeds, featureCache } = options;
  const chosen = await plannedCorruptions(corruption, occluders);
  const dropout = options.dropout === undefined ? [] : [dropoutPart(await readDropout(options.dropout))];
  const studies = await allStudies(
    subjects,
    {
      ...options,
      ...models,
      pairs,
      system: isSystem(system) ? [system] : [],
      corruptions: corruption === undefined && own ? own.corruptions : chosen,
      folds: options.folds ?? own?.folds,
      leastPictures: own?.leastPictures ?? options.leastPictures,
    },
    progress,
  );
  const peers = [...(await Promise.all(peer.map(readPeer))), ...studies.compared];
  const tables = await measureTables(
    { faces: subjects.faces, pairs, name: test },
    {
      system,
      baseline,
      peers,
      featureCache,
      provider,
      threads,
      ...(own?.identification ?? { people, faces, gallery }),
      seeds: own ? Math.min(seeds, own.seeds) : seeds,
    },
    progress,
  );
  const [sparse, ...others] = studies.parts;
  return { tables, parts: [sparse, ...dropout, ...others], source: studies.source };
}
