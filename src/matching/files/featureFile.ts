/**
 * Feature sets in files, of this program or any other: .safetensors, .npy with a file of names, .csv and .tsv. The
 * path's ending says which.
 */
import { existsSync } from "node:fs";
import { extname } from "node:path";
import { InputError } from "../../base/errors/index.ts";
import { writeFileAtomic } from "../../base/files/index.ts";
import type { FeatureSet, Provenance } from "../features/index.ts";
import { readCsv, writeCsv } from "./csvFile.ts";
import { readFeatureTensors, type StoredFeatures, writeFeatureTensors } from "./featureTensors.ts";
import { readNpy, writeNpy } from "./npyFile.ts";
import { formatRowNames, readRowNames, rowsNamedIn } from "./rowNames.ts";

export interface ReadFeaturesOptions {
  /**
   * A file of the rows' names (see `readRowNames`): for .npy (default: the same path ending in .names.txt) and for
   * .safetensors of another program.
   */
  readonly names?: string;
}

/** Reads features. A file that is broken or not what its ending says is a DataError. */
export async function readFeatures(path: string, options: ReadFeaturesOptions = {}): Promise<StoredFeatures> {
  const ending = extname(path).toLowerCase();
  if (ending === ".npy") {
    const named = options.names ?? namesBeside(path);
    if (!existsSync(named)) {
      throw new InputError(`${path}: numbers only; needs a file of its rows' names, looked for ${named}`);
    }
    const names = await readRowNames(named);
    return { set: rowsNamedIn(named, names, { path, ...(await readNpy(path)) }), provenance: {} };
  }
  if (ending === ".csv" || ending === ".tsv") {
    if (options.names !== undefined) {
      throw new InputError(`${path}: holds its names; a file of names is for .npy and .safetensors`);
    }
    return { set: await readCsv(path, delimiterOf(ending)), provenance: {} };
  }
  return readFeatureTensors(path, options.names);
}

/** Writes features; .npy gets a file of names beside it, and only .safetensors keeps the provenance. */
export async function writeFeatures(
  path: string,
  set: FeatureSet,
  provenance: Provenance = {},
): Promise<void> {
  const ending = extname(path).toLowerCase();
  if (ending === ".npy") {
    await writeFileAtomic(namesBeside(path), formatRowNames(set));
    await writeNpy(path, { shape: [set.rows, set.dimension], data: set.values });
  } else if (ending === ".csv" || ending === ".tsv") {
    await writeCsv(path, set, delimiterOf(ending));
  } else {
    await writeFeatureTensors(path, set, provenance);
  }
}

const namesBeside = (path: string) => path.replace(/\.npy$/i, ".names.txt");
const delimiterOf = (ending: ".csv" | ".tsv" | string) => (ending === ".csv" ? "," : "\t");
