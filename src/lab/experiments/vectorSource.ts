/** The vectors that a model compares, of many faces: for other programs' indexes. */
import type { FaceReader } from "../../faces/face/index.ts";
import { createFeatureSet, type FeatureSet, type Provenance } from "../../matching/features/index.ts";
import { projectFeatures } from "../../matching/match/index.ts";
import { type FaceSystem, type FeatureOptions, systemFeatures } from "../../nets/net/index.ts";

/** Faces whose features are held at a time: of 25 nets 100 MB. */
const MOST = 1024;

/**
 * Vectors of faces by `system` [faces, k]: the person whom Joint Bayesian expects to see on a face, which is its coordinate times
 * λ / (1 + λ) along each direction, in units of what one person's faces vary by. Their Euclidean distance comes close to Joint
 * Bayesian. A face and its mirror image share one. `most` faces are computed at a time.
 */
export const vectorSource = (system: FaceSystem, about: Provenance, most = MOST) => ({
  provenance: { ...about, feature: "vector", blocks: "the expected person", blockSize: "0" },
  release: system.release,
  async extract(faces: FaceReader, { onProgress, signal }: FeatureOptions): Promise<FeatureSet> {
    const { matcher } = system.matcher;
    const shares = matcher.model.ratios.map((ratio) => ratio / (1 + ratio));
    const values = new Float32Array(faces.count * shares.length);
    for (let first = 0; first < faces.count; first += most) {
      const some = rangeOf(faces, first, Math.min(most, faces.count - first));
      const done = (share: number) => onProgress?.(first + Math.floor(share * some.count), faces.count);
      const set = await systemFeatures(system, some, { signal, onProgress: (i, of) => done(i / of) });
      const coordinates = await projectFeatures(matcher, { set });
      const vectors = coordinates.values.map((value, at) => value * shares[at % shares.length]);
      values.set(vectors, first * shares.length);
    }
    return createFeatureSet(values, shares.length, faces);
  },
});

const rangeOf = (faces: FaceReader, first: number, count: number): FaceReader => ({
  count,
  names: faces.names.slice(first, first + count),
  identities: faces.identities.slice(first, first + count),
  key: faces.key,
  readRange: (from, wanted) => faces.readRange(first + from, wanted),
});
