/**
 * What the shortlist of nearest codes costs and gains: for each probe, the face that Joint Bayesian likes best of a
 * shortlist, beside the one that it likes best of all. Paper: Section 5 (binary codes).
 */

import { type FeatureSet, rowOf } from "../../matching/features/index.ts";
import { readFeatures } from "../../matching/files/index.ts";
import { createCodeIndex, type FoundCode } from "../../matching/search/index.ts";
import { openSystem } from "../../nets/models/index.ts";
import { checkSameNet } from "../../nets/net/index.ts";
import { createProjection, type GalleryModel } from "../../people/gallery/index.ts";
import { galleryModelOf } from "../../people/recognizer/index.ts";
import type { BenchProgress } from "./benchProgress.ts";

export interface ShortlistBenchOptions {
  readonly probes: number;
  /** Sizes of the shortlist, rising. */
  readonly sizes: readonly number[];
}

export interface ShortlistBenchResult {
  /** Its name. */
  readonly model: string;
  readonly faces: number;
  readonly people: number;
  readonly bits: number;
  readonly dimension: number;
  readonly probes: number;
  /** Milliseconds a probe of comparing with every face. */
  readonly fullMs: number;
  readonly shortlists: readonly {
    readonly size: number;
    /** Share of probes for which it finds the very face that a full scan finds, and a face of the same person. */
    readonly sameFace: number;
    readonly samePerson: number;
    /** Share of probes whose best face shows the probe's own person; of the full scan: `rank1`. */
    readonly rank1: number;
    readonly ms: number;
    /** Median over the probes of a full scan's time over its own. */
    readonly speedup: number;
  }[];
  readonly rank1: number;
}

/**
 * Of the faces whose features by the model in `folder` are in the file `features`. Every probe is left out of the gallery of all faces that it is looked for in.
 * Probes are faces of people who have others.
 */
export async function benchShortlist(
  features: string,
  folder: string,
  options: ShortlistBenchOptions,
  progress: BenchProgress,
): Promise<ShortlistBenchResult> {
  const { set, provenance } = await readFeatures(features);
  const system = await openSystem(folder, { threads: 1 });
  try {
    checkSameNet(features, { set, provenance }, system);
    return { model: system.name, ...(await compare(set, galleryModelOf(system), options, progress)) };
  } finally {
    await system.release();
  }
}

async function compare(
  set: FeatureSet,
  model: GalleryModel,
  { probes, sizes }: ShortlistBenchOptions,
  { now, onProgress }: BenchProgress,
): Promise<Omit<ShortlistBenchResult, "model">> {
  const { codeBytes, dimension, scorer, project } = createProjection(model);
  if (!scorer) throw new Error("bench: the model has no matcher");
  const faces = project(Array.from({ length: set.rows }, (_, row) => rowOf(set, row)));
  const vectors = faces.map(({ vector }) => vector!);
  const index = createCodeIndex(codeBytes, { threads: 1 }); // as the full scan, so that times compare
  await index.append(
    faces.map((_, row) => row + 1),
    Buffer.concat(faces.map(({ code }) => code)),
  );
  const rows = probeRows(set, probes);
  const tally = sizes.map((size) => ({ size, face: 0, person: 0, own: 0, ms: 0, ratios: [] as number[] }));
  let [own, fullMs] = [0, 0];
  const isOwn = (a: number, b: number) => Number(set.identities[a] === set.identities[b]);
  for (const [done, probe] of rows.entries()) {
    const best = (candidates: Iterable<number>) =>
      bestOf(candidates, probe, (row) => scorer.pair(vectors[probe], vectors[row]).score);
    const start = now();
    const wanted = best(faces.keys());
    const full = now() - start;
    fullMs += full;
    own += isOwn(probe, wanted);
    for (const one of tally) {
      const begin = now();
      const found: FoundCode[] = await index.nearest(faces[probe].code, one.size + 1);
      const row = best(found.map(({ id }) => id - 1));
      const ms = now() - begin;
      one.ms += ms;
      one.ratios.push(full / ms);
      one.face += Number(row === wanted);
      one.person += isOwn(row, wanted);
      one.own += isOwn(row, probe);
    }
    onProgress?.(done + 1, rows.length);
  }
  await index.close();
  const n = rows.length;
  return {
    faces: set.rows,
    people: new Set(set.identities).size,
    bits: 8 * codeBytes,
    dimension,
    probes: n,
    fullMs: fullMs / n,
    rank1: own / n,
    shortlists: tally.map(({ size, face, person, own: right, ms, ratios }) => ({
      size,
      sameFace: face / n,
      samePerson: person / n,
      rank1: right / n,
      ms: ms / n,
      speedup: ratios.sort((a, b) => a - b)[n >> 1],
    })),
  };
}

function bestOf(candidates: Iterable<number>, probe: number, score: (row: number) => number): number {
  let best = { row: -1, score: Number.NEGATIVE_INFINITY };
  for (const row of candidates) {
    if (row === probe) continue;
    const value = score(row);
    if (value > best.score) best = { row, score: value };
  }
  return best.row;
}

/** At most `count` rows of people with several faces, evenly spread. */
function probeRows({ identities }: FeatureSet, count: number): number[] {
  const faces = new Map<string, number>();
  for (const person of identities) faces.set(person, (faces.get(person) ?? 0) + 1);
  const rows = [...identities.keys()].filter((row) => faces.get(identities[row])! > 1);
  const step = Math.max(1, rows.length / count);
  return Array.from({ length: Math.min(count, rows.length) }, (_, i) => rows[Math.floor(i * step)]);
}
