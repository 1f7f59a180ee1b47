/** Aligned faces to the numbers that are compared. */
import { bytesOfWords, hexOf } from "../../base/bits/index.ts";
import { type FaceReader, TEMPLATE } from "../../faces/face/index.ts";
import type { Image } from "../../faces/image/index.ts";
import type { FeatureSet } from "../../matching/features/index.ts";
import { type FaceSystem, systemFeatures } from "../../nets/net/index.ts";

const FACE_BYTES = TEMPLATE.width * TEMPLATE.height * 3;

/** Features of aligned faces [104, 88], a row each. */
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
    readRange: async (first, count) => {
      const bytes = new Uint8Array(count * FACE_BYTES);
      for (let i = 0; i < count; i++) bytes.set(faces[first + i].pixels, i * FACE_BYTES);
      return bytes;
    },
  };
  return systemFeatures(system, reader, { signal });
}

/** Neurons that one net compares. */
export const neuronsOf = ({ parts }: FaceSystem): number =>
  parts[0].net.activations.get(parts[0].card.feature)!;

/** Names the files that features and codes depend on. */
export const fingerprintOf = ({ hashes }: FaceSystem): string =>
  Object.entries(hashes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, hash]) => `${file}:${hash}`)
    .join(" ");

/** A code's bytes in hexadecimal, the first bit lowest in the first byte. */
export const codeText = (code: Uint32Array): string => hexOf(bytesOfWords(code));
