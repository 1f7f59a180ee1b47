/**
 * Several nets as one system: each looks at its own region, all their features stand side by side, and one matcher
 * compares them. Paper: Section 4, 25 nets of 25 regions.
 */
import type { FaceReader } from "../../faces/face/index.ts";
import { createFeatureSet, type FeatureSet } from "../../matching/features/index.ts";
import type { StoredMatcher } from "../../matching/match/index.ts";
import { extractFeatures, type FeatureOptions } from "./features.ts";
import type { FaceModel } from "./model.ts";

/** One net or several, with the matcher of their features. */
export interface FaceSystem {
  readonly name: string;
  readonly parts: readonly FaceModel[];
  readonly matcher: StoredMatcher;
  /** Numbers a face: original and mirror image of every net. */
  readonly dimension: number;
  readonly licence: string;
  /** What names its files' contents: equal hashes give equal features. */
  readonly hashes: Readonly<Record<string, string>>;
  release(): Promise<void>;
}

/** A system of `parts` whose features `matcher` compares. */
export const systemOf = (
  about: Pick<FaceSystem, "name" | "licence" | "hashes">,
  parts: readonly FaceModel[],
  matcher: StoredMatcher,
): FaceSystem => ({
  ...about,
  parts,
  matcher,
  dimension: parts.reduce((sum, part) => sum + lengthOf(part), 0),
  release: async () => void (await Promise.all(parts.map((part) => part.release()))),
});

/** Numbers a face that one net gives: original and mirror image. */
export const lengthOf = ({ net, card }: FaceModel): number => 2 * net.activations.get(card.feature)!;

/** Computes the features of one part, or finds them where they have been computed before. */
export type PartCache = (part: FaceModel, compute: () => Promise<FeatureSet>) => Promise<FeatureSet>;

export interface SystemFeatureOptions extends FeatureOptions {
  readonly cache?: PartCache;
  /** Each net gives its memory back when it is done: for many faces, where nothing else uses the system meanwhile. */
  readonly rest?: boolean;
}

/**
 * The features of every face by all nets of `system`, side by side: [net 1: original | mirror | net 2: ...], one net at
 * a time.
 */
export async function systemFeatures(
  { parts, dimension }: Pick<FaceSystem, "parts" | "dimension">,
  faces: FaceReader,
  { onProgress, signal, cache, rest = false }: SystemFeatureOptions = {},
): Promise<FeatureSet> {
  const values = new Float32Array(faces.count * dimension);
  let column = 0;
  for (const [i, part] of parts.entries()) {
    const { net, card } = part;
    const compute = () =>
      extractFeatures({ net, region: card.region, name: card.feature }, faces, {
        onProgress: (done, total) => onProgress?.(i * total + done, parts.length * total),
        signal,
      });
    const set = await (cache ? cache(part, compute) : compute());
    if (rest) await net.rest();
    if (parts.length === 1) return set;
    for (let row = 0; row < set.rows; row++) {
      const from = set.values.subarray(row * set.dimension, (row + 1) * set.dimension);
      values.set(from, row * dimension + column);
    }
    column += set.dimension;
  }
  return createFeatureSet(values, dimension, faces);
}
