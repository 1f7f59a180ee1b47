/** Features kept from one command to the next: nothing is computed twice that depends on the same net and faces. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { FeatureSet, Provenance } from "../features/index.ts";
import { readFeatures, writeFeatures } from "./featureFile.ts";

/** Faces as far as their features' place depends on them. */
export interface KeyedFaces extends Pick<FeatureSet, "names" | "identities"> {
  /** Equal keys mean equal pixels of faces of equal names; undefined: not kept. */
  readonly key?: string;
}

/**
 * What `compute` gives for `faces`, or what it gave before. The file's name in `folder` is a hash of all that the
 * features depend on: `source` (the net's hash, the region, the activation) and the faces. A damaged file is an error
 * that names it.
 */
export async function cachedFeatures(
  folder: string,
  source: Provenance,
  faces: KeyedFaces,
  compute: () => Promise<FeatureSet>,
): Promise<FeatureSet> {
  if (faces.key === undefined) return compute();
  const path = join(folder, `${hashOfAll(source, faces)}.safetensors`);
  try {
    return (await readFeatures(path)).set;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const set = await compute();
  await writeFeatures(path, set, { ...source, faces: faces.key });
  return set;
}

function hashOfAll(source: Provenance, { names, identities, key }: KeyedFaces): string {
  const hash = createHash("sha256");
  for (const [name, value] of Object.entries(source).sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(JSON.stringify([name, value]));
  }
  hash.update(JSON.stringify([key, names, identities]));
  return hash.digest("hex").slice(0, 32);
}
