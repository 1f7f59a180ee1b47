/** Principal components of LBP descriptors in a safetensors file: 400 of them take 159 MB, so they are made, not shipped. */
import { DataError } from "../../base/errors/index.ts";
import { readSafetensors, writeSafetensors } from "../../base/files/index.ts";
import { requireTensor } from "../../base/safetensors/index.ts";
import { matrix, type Pca } from "../../math/linalg/index.ts";
import { DESCRIPTOR_VERSION, LBP_LENGTH } from "./descriptor.ts";

const FORMAT = "deepid2plus-lbp";

/** Components and, in words, the faces that they were fitted to. */
export interface LbpComponents {
  readonly pca: Pca;
  readonly source: string;
}

/** Writes components: directions as float32, [k, 99120]. */
export async function writeLbpComponents(path: string, { pca, source }: LbpComponents): Promise<void> {
  const { mean, components, variances } = pca;
  const { rows, columns, values } = components;
  await writeSafetensors(
    path,
    {
      mean: { dtype: "F64", shape: [columns], data: mean },
      components: { dtype: "F32", shape: [rows, columns], data: Float32Array.from(values) },
      variances: { dtype: "F64", shape: [rows], data: variances },
    },
    { format: FORMAT, version: String(DESCRIPTOR_VERSION), source },
  );
}

/** Reads what `writeLbpComponents` wrote. */
export async function readLbpComponents(path: string): Promise<LbpComponents> {
  const file = await readSafetensors(path);
  const { format, version, source } = file.metadata;
  if (!(format === FORMAT && version === String(DESCRIPTOR_VERSION))) {
    throw new DataError(
      `${path}: needs metadata format "${FORMAT}" of version ${DESCRIPTOR_VERSION}, got ${JSON.stringify(format)} ` +
        `of version ${JSON.stringify(version)}`,
    );
  }
  const components = requireTensor(file, "components", { dtype: "F32", shape: [-1, LBP_LENGTH] });
  const [rows, columns] = components.shape;
  const pca = {
    mean: requireTensor(file, "mean", { dtype: "F64", shape: [LBP_LENGTH] }).data,
    components: matrix(rows, columns, Float64Array.from(components.data)),
    variances: requireTensor(file, "variances", { dtype: "F64", shape: [rows] }).data,
  };
  const all = [pca.mean, pca.components.values, pca.variances];
  if (!(rows >= 1 && all.every((values) => values.every(Number.isFinite)))) {
    throw new DataError(`${path}: needs components of finite numbers`);
  }
  return { pca, source: source ?? "" };
}
