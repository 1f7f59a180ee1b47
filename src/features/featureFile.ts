/**
 * Feature sets in files. The format is safetensors: `features` F32 [rows, dimension], with names, identities (JSON
 * lists) and where the features come from as metadata.
 */
import { z } from "zod";
import { DataError } from "../errors/index.ts";
import { readSafetensors, requireTensor, writeSafetensors } from "../files/index.ts";
import { createFeatureSet, type FeatureSet } from "./featureSet.ts";

/** Where features come from, in words: the net, the pictures, the alignment. */
export type Provenance = Readonly<Record<string, string>>;

const FORMAT = "deepid2plus-features";
const PROVENANCE = "provenance.";
const stringList = z.array(z.string());

/** Writes `set` to `path`. */
export async function writeFeatures(
  path: string,
  set: FeatureSet,
  provenance: Provenance = {},
): Promise<void> {
  const features = { dtype: "F32", shape: [set.rows, set.dimension], data: set.values } as const;
  await writeSafetensors(
    path,
    { features },
    {
      format: FORMAT,
      names: JSON.stringify(set.names),
      identities: JSON.stringify(set.identities),
      ...Object.fromEntries(Object.entries(provenance).map(([key, value]) => [PROVENANCE + key, value])),
    },
  );
}

/** Reads what `writeFeatures` wrote. */
export async function readFeatures(path: string): Promise<{ set: FeatureSet; provenance: Provenance }> {
  const file = await readSafetensors(path);
  if (file.metadata.format !== FORMAT) {
    throw new DataError(
      `${path}: needs metadata format "${FORMAT}", got ${JSON.stringify(file.metadata.format)}`,
    );
  }
  const { shape, data } = requireTensor(file, "features", { dtype: "F32", shape: [-1, -1] });
  const names = parseList(file.metadata.names, path, "names");
  const identities = parseList(file.metadata.identities, path, "identities");
  if (!(names.length === shape[0])) {
    throw new DataError(`${path}: ${shape[0]} rows of features but ${names.length} names`);
  }
  const provenance = Object.entries(file.metadata)
    .filter(([key]) => key.startsWith(PROVENANCE))
    .map(([key, value]) => [key.slice(PROVENANCE.length), value]);
  try {
    const set = createFeatureSet(data, shape[1], { names, identities });
    return { set, provenance: Object.fromEntries(provenance) };
  } catch (error) {
    throw new DataError(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

function parseList(text: string | undefined, path: string, name: string): string[] {
  let json: unknown;
  try {
    json = JSON.parse(text ?? "");
  } catch {
    throw new DataError(`${path}: metadata ${name} must be a JSON list of strings`);
  }
  const list = stringList.safeParse(json);
  if (!list.success) throw new DataError(`${path}: metadata ${name}: ${list.error.issues[0].message}`);
  return list.data;
}
