/**
 * What the shortlist of nearest codes costs and gains: for each probe, the face that Joint Bayesian likes best of a
 * shortlist, beside the one that it likes best of all. Paper: Section 5 (binary codes).
 */

import { type FeatureSet, rowOf } from "../../matching/features/index.ts";
import { readFeatures } from "../../matching/files/index.ts";
import { createCodeIndex, type FoundCode } from "../../matching/search/index.ts";
import { checkSameNet, openSystem } from "../../nets/models/index.ts";
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
  readonly rank1: number;
  /** By the codes that galleries keep. */
  readonly shortlists: readonly Shortlist[];
  /** By codes that say which neurons fire, as of galleries of earlier releases. */
  readonly ofNeurons: readonly Shortlist[];
}

export interface Shortlist {
  readonly size: number;
  /** Share of probes for which it finds the very face that a full scan finds, and a face of the same person. */
  readonly sameFace: number;
  readonly samePerson: number;
  /** Share of probes whose best face shows the probe's own person; of the full scan: `rank1`. */
  readonly rank1: number;
  /** Milliseconds a probe. */
  readonly ms: number;
  /** Median over the probes of a full scan's time over its own. */
  readonly speedup: number;
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
  const features = set.names.map((_, row) => rowOf(set, row));
  const faces = project(features);
  const vectors = faces.map(({ vector }) => vector!);
  const ofNeurons = createProjection({ ...model, codes: "neurons" }, { codesOnly: true }).project(features);
  const rows = probeRows(set, probes);
  const best = (candidates: Iterable<number>, probe: number) =>
    bestOf(candidates, probe, (row) => scorer.pair(vectors[probe], vectors[row]).score);
  let own = 0;
  const wanted = rows.map((probe, done) => {
    const start = now();
    const row = best(faces.keys(), probe);
    own += Number(set.identities[row] === set.identities[probe]);
    onProgress?.(done + 1, rows.length);
    return { probe, row, ms: now() - start };
  });
  const by = (of: typeof faces) => shortlistsOf(of, { set, wanted, sizes, best, now });
  return {
    faces: set.rows,
    people: new Set(set.identities).size,
    bits: 8 * codeBytes,
    dimension,
    probes: rows.length,
    fullMs: wanted.reduce((sum, { ms }) => sum + ms, 0) / rows.length,
    rank1: own / rows.length,
    shortlists: await by(faces),
    ofNeurons: await by(ofNeurons),
  };
}

interface Search {
  readonly set: FeatureSet;
  /** For each probe what a full scan finds, and how long it takes. */
  readonly wanted: readonly { readonly probe: number; readonly row: number; readonly ms: number }[];
  readonly sizes: readonly number[];
  best(candidates: Iterable<number>, probe: number): number;
  now(): number;
}

/** What shortlists of several sizes find by the codes of `faces`, one for each row of the set. */
async function shortlistsOf(
  faces: readonly { readonly code: Uint8Array }[],
  { set, wanted, sizes, best, now }: Search,
): Promise<Shortlist[]> {
  const index = createCodeIndex(faces[0].code.length, { threads: 1 }); // as the full scan, so that times compare
  await index.append(
    faces.map((_, row) => row + 1),
    Buffer.concat(faces.map(({ code }) => code)),
  );
  const same = (a: number, b: number) => Number(set.identities[a] === set.identities[b]);
  const shortlists: Shortlist[] = [];
  for (const size of sizes) {
    const sums = { sameFace: 0, samePerson: 0, rank1: 0, ms: 0 };
    const ratios: number[] = [];
    for (const { probe, row: full, ms: fullMs } of wanted) {
      const begin = now();
      const found: FoundCode[] = await index.nearest(faces[probe].code, size + 1);
      const row = best(
        found.map(({ id }) => id - 1),
        probe,
      );
      const ms = now() - begin;
      sums.ms += ms;
      ratios.push(fullMs / ms);
      sums.sameFace += Number(row === full);
      sums.samePerson += same(row, full);
      sums.rank1 += same(row, probe);
    }
    const n = wanted.length;
    const [sameFace, samePerson, rank1, ms] = [sums.sameFace, sums.samePerson, sums.rank1, sums.ms].map(
      (sum) => sum / n,
    );
    shortlists.push({ size, sameFace, samePerson, rank1, ms, speedup: ratios.sort((a, b) => a - b)[n >> 1] });
  }
  await index.close();
  return shortlists;
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
