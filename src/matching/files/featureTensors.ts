/**
 * Feature sets in safetensors files: `features` F32 [rows, dimension], with names, identities (JSON lists) and where
 * the features come from as metadata. A file of another program is read too, if its rows are named in a file.
 */
import { Float16Array } from "@petamoriken/float16";
import { z } from "zod";
import { DataError, firstFew } from "../../base/errors/index.ts";
import { readSafetensors, writeSafetensors } from "../../base/files/index.ts";
import { requireTensor, type Safetensors } from "../../base/safetensors/index.ts";
import type { FeatureSet, Provenance } from "../features/index.ts";
import { checkedSet, readRowNames, rowsNamedIn } from "./rowNames.ts";

/** A feature set and what its file says about it. */
export interface StoredFeatures {
  readonly set: FeatureSet;
  readonly provenance: Provenance;
}

const FORMAT = "deepid2plus-features";
const PROVENANCE = "provenance.";
const stringList = z.array(z.string());

/** Writes `set` to `path`. */
export async function writeFeatureTensors(
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

/** Reads what `writeFeatureTensors` wrote; or the one matrix of a file whose rows are named in the file `named`. */
export async function readFeatureTensors(path: string, named?: string): Promise<StoredFeatures> {
  const file = await readSafetensors(path);
  if (named !== undefined) {
    const { shape, data } = onlyMatrix(file);
    return { set: rowsNamedIn(named, await readRowNames(named), { path, shape, data }), provenance: {} };
  }
  if (file.metadata.format !== FORMAT) {
    throw new DataError(
      `${path}: needs metadata format "${FORMAT}", got ${JSON.stringify(file.metadata.format)}; for another ` +
        "program's features give a file of their rows' names",
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
  const set = checkedSet(path, data, shape[1], { names, identities });
  return { set, provenance: Object.fromEntries(provenance) };
}

/** The tensor of two axes of a file that has one, as float32. */
function onlyMatrix({ path, tensors }: Safetensors): { shape: readonly number[]; data: Float32Array } {
  const matrices = Object.entries(tensors).filter(([, { shape }]) => shape.length === 2);
  if (matrices.length !== 1) {
    const came = matrices.map(([name]) => name);
    throw new DataError(`${path}: needs one tensor of two axes, got ${came.length}: ${firstFew(came)}`);
  }
  const [name, { dtype, shape, data }] = matrices[0];
  if (dtype === "F32") return { shape, data: data as Float32Array };
  if (dtype === "F64") return { shape, data: Float32Array.from(data as Float64Array) };
  if (dtype === "F16")
    return { shape, data: Float32Array.from(new Float16Array((data as Uint16Array).buffer as ArrayBuffer)) };
  throw new DataError(`${path}: tensor "${name}" must be F32, F64 or F16, got ${dtype}`);
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
