/** Tables and studies, one after the other. */

import type { IdentificationSizes } from "../../../matching/protocols/index.ts";
import { isSystem } from "../../../nets/net/index.ts";
import { featureCacheOf } from "../../../cli/support/faces.ts";
import type { Io } from "../../../cli/support/io.ts";
import type { EngineOptions } from "../../../cli/support/options.ts";
import type { Output } from "../../../cli/support/output.ts";
import { allStudies } from "../study/all.ts";
import { plannedCorruptions } from "../study/corruptions.ts";
import { dropoutPart, readDropout } from "../study/dropout.ts";
import type { CorruptionOptions } from "../../../cli/support/studyOptions.ts";
import type { Material } from "./material.ts";
import { measureTables } from "./measure.ts";
import type { Reproduction } from "./page.ts";
import { type PeerFiles, readPeer } from "./peers.ts";

/** What is measured, and how much of it. */
export interface ReproduceChoices extends CorruptionOptions, EngineOptions, IdentificationSizes {
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
  readonly cache?: string;
  readonly out: string;
}

/** Measures everything that the material gives; what LBP is compared with by its neurons stands in the tables too. */
export async function reproduceAll(
  { subjects, pairs, test, system, own, ...models }: Material,
  options: ReproduceChoices,
  { io, output }: { io: Io; output: Output },
): Promise<Omit<Reproduction, "seconds">> {
  const { baseline, peer = [], corruption, occluders, provider, threads } = options;
  const { people, faces, gallery, seeds } = options;
  const featureCache = featureCacheOf(options, io);
  const chosen = await plannedCorruptions(corruption, occluders);
  const dropout = options.dropout === undefined ? [] : [dropoutPart(await readDropout(options.dropout))];
  const studies = await allStudies(
    subjects,
    {
      ...options,
      ...models,
      pairs,
      featureCache,
      system: isSystem(system) ? [system] : [],
      corruptions: corruption === undefined && own ? own.corruptions : chosen,
      folds: options.folds ?? own?.folds,
      leastPictures: own?.leastPictures ?? options.leastPictures,
    },
    { output, signal: io.interrupt },
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
    { io, output },
  );
  const [sparse, ...others] = studies.parts;
  return { tables, parts: [sparse, ...dropout, ...others], source: studies.source };
}
