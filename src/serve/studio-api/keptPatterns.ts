/** The patterns of the synthetic people, kept beside a model so that nobody waits for them. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { FeatureSet } from "../../matching/features/index.ts";
import { readFeatures, writeFeatures } from "../../matching/files/index.ts";
import { STUDIO_PEOPLE } from "./population.ts";

const FILE = "neurons.safetensors";

/** What the patterns depend on: the model's files, and whom the renderer draws. */
const keyOf = (fingerprint: string) => ({ fingerprint, people: JSON.stringify(STUDIO_PEOPLE) });

/** Keeps the patterns of the model in `folder` there. */
export const keepPatterns = (folder: string, fingerprint: string, set: FeatureSet): Promise<void> =>
  writeFeatures(join(folder, FILE), set, keyOf(fingerprint));

/** The patterns kept with the model in `folder`; undefined where there are none, or they are of another model. */
export async function keptPatterns(folder: string, fingerprint: string): Promise<FeatureSet | undefined> {
  const path = join(folder, FILE);
  if (!existsSync(path)) return undefined;
  const { set, provenance } = await readFeatures(path);
  const key = keyOf(fingerprint);
  return provenance.fingerprint === key.fingerprint && provenance.people === key.people ? set : undefined;
}
