/** Aligned faces to the numbers that are compared, and numbers to decisions. */
import type { FaceReader } from "../../faces/face/index.ts";
import type { Image } from "../../faces/image/index.ts";
import type { FeatureSet } from "../../matching/features/index.ts";
import { type FaceSystem, systemFeatures } from "../../nets/net/index.ts";
import type { GalleryModel } from "../gallery/index.ts";

/** Features of aligned faces, a row each. */
export async function featuresOf(
  system: FaceSystem,
  faces: readonly Image[],
  signal?: AbortSignal,
): Promise<FeatureSet> {
  const names = faces.map((_, i) => String(i));
  const reader: FaceReader = {
    count: faces.length,
    names,
    identities: names,
    readRange: async (first, count) =>
      new Uint8Array(Buffer.concat(faces.slice(first, first + count).map(({ pixels }) => pixels))),
  };
  return systemFeatures(system, reader, { signal });
}

/** Neurons that one net compares. */
export const neuronsOf = ({ parts }: FaceSystem): number =>
  parts[0].net.activations.get(parts[0].card.feature)!;

/**
 * What a gallery must know of `system`. The code is of the first net, which sees the whole face, and of the face as it
 * is, without its mirror image: 64 bytes for 512 neurons. Paper: Section 5.
 */
export function galleryModelOf(system: FaceSystem): GalleryModel {
  return {
    hash: fingerprintOf(system),
    dimension: system.dimension,
    matcher: system.matcher.matcher,
    codeColumns: [[0, neuronsOf(system)]],
  };
}

/** Names the files that features and codes depend on. */
export const fingerprintOf = ({ hashes }: FaceSystem): string =>
  Object.entries(hashes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, hash]) => `${file}:${hash}`)
    .join(" ");

/** A code's bytes in hexadecimal, the first bit lowest in the first byte. */
export function hexOf(code: Uint32Array): string {
  const bytes = Buffer.alloc(4 * code.length);
  for (const [i, word] of code.entries()) bytes.writeUInt32LE(word, 4 * i);
  return bytes.toString("hex");
}
