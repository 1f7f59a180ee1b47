/** A fitted matcher, with its calibration if it has one, in a safetensors file. */
import { f16round, getFloat16, setFloat16 } from "@petamoriken/float16";
import { DataError } from "../errors/index.ts";
import {
  readSafetensors,
  requireTensor,
  type SafeTensor,
  type Safetensors,
  writeSafetensors,
} from "../files/index.ts";
import { type Matrix, matrix } from "../linalg/index.ts";
import { type Calibration, calibrate } from "./calibration.ts";
import { createMatcher, type Matcher, type MatcherModel } from "./matcher.ts";

const FORMAT = "deepid2plus-matcher";

/** What a matcher file holds. */
export interface StoredMatcher {
  readonly matcher: Matcher;
  readonly calibration?: Calibration;
}

/** The largest number that half floats hold. */
const LARGEST_HALF = 65504;

/**
 * Rounds a matcher's directions to half floats, a quarter of the size, so that what is measured is what is released:
 * the directions of 25 nets are most of a system's file. A score moves by about 2⁻¹¹ of the
 * largest at most.
 */
export function roundMatcher({ model }: Matcher): Matcher {
  const { rows, columns, values } = model.directions;
  const round = values.every((value) => Math.abs(value) <= LARGEST_HALF) ? f16round : Math.fround;
  return createMatcher({ ...model, directions: matrix(rows, columns, Float64Array.from(values, round)) });
}

/** Directions as half floats where that loses nothing, else as float32. */
function directionsTensor({ rows, columns, values }: Matrix): SafeTensor {
  const shape = [rows, columns];
  if (!values.every((value) => f16round(value) === value)) {
    return { dtype: "F32", shape, data: Float32Array.from(values) };
  }
  const data = new Uint16Array(values.length);
  const view = new DataView(data.buffer);
  values.forEach((value, i) => {
    setFloat16(view, 2 * i, value, true);
  });
  return { dtype: "F16", shape, data };
}

function readDirections(file: Safetensors): Matrix {
  if (file.tensors.directions?.dtype !== "F16") {
    const { shape, data } = requireTensor(file, "directions", { dtype: "F32", shape: [-1, -1] });
    return matrix(shape[0], shape[1], Float64Array.from(data));
  }
  const { shape, data } = requireTensor(file, "directions", { dtype: "F16", shape: [-1, -1] });
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return matrix(
    shape[0],
    shape[1],
    Float64Array.from(data, (_, i) => getFloat16(view, 2 * i, true)),
  );
}

/** Numbers as float32 where that loses nothing. */
function numbersTensor(data: Float64Array): SafeTensor {
  const shape = [data.length];
  const narrow = data.every((value) => Math.fround(value) === value);
  return narrow ? { dtype: "F32", shape, data: Float32Array.from(data) } : { dtype: "F64", shape, data };
}

function readNumbers(file: Safetensors, name: string): Float64Array {
  const dtype = file.tensors[name]?.dtype === "F32" ? "F32" : "F64";
  return Float64Array.from(requireTensor(file, name, { dtype, shape: [-1] }).data);
}

/** Writes a matcher. */
export async function writeMatcher(path: string, { matcher, calibration }: StoredMatcher): Promise<void> {
  const { blockSize, mean, directions, ratios } = matcher.model;
  const { rows, columns } = directions;
  const tensors: Record<string, SafeTensor> = {
    mean: { dtype: "F64", shape: [columns], data: mean },
    directions: directionsTensor(directions),
    ratios: { dtype: "F64", shape: [rows], data: ratios },
  };
  if (calibration) {
    for (const kind of ["same", "different"] as const) {
      tensors[`calibration.${kind}`] = numbersTensor(calibration[kind]);
    }
  }
  await writeSafetensors(path, tensors, { format: FORMAT, blockSize: String(blockSize) });
}

/** Reads what `writeMatcher` wrote. */
export async function readMatcher(path: string): Promise<StoredMatcher> {
  const file = await readSafetensors(path);
  if (file.metadata.format !== FORMAT) {
    throw new DataError(
      `${path}: needs metadata format "${FORMAT}", got ${JSON.stringify(file.metadata.format)}`,
    );
  }
  const directions = readDirections(file);
  const { rows, columns } = directions;
  const model: MatcherModel = {
    blockSize: Number(file.metadata.blockSize),
    mean: requireTensor(file, "mean", { dtype: "F64", shape: [columns] }).data,
    directions,
    ratios: requireTensor(file, "ratios", { dtype: "F64", shape: [rows] }).data,
  };
  checkModel(model, path);
  return { matcher: createMatcher(model), calibration: readCalibration(file) };
}

function checkModel({ blockSize, mean, directions, ratios }: MatcherModel, path: string): void {
  const divides =
    Number.isInteger(blockSize) && blockSize >= 0 && (blockSize === 0 || mean.length % blockSize === 0);
  if (!divides)
    throw new DataError(`${path}: blockSize must divide ${mean.length} or be 0, got ${blockSize}`);
  if (!(mean.every(Number.isFinite) && directions.values.every(Number.isFinite))) {
    throw new DataError(`${path}: mean and directions must be finite`);
  }
  if (!ratios.every((ratio) => ratio >= 0 && Number.isFinite(ratio))) {
    throw new DataError(`${path}: ratios must be finite and 0 or more`);
  }
}

function readCalibration(file: Safetensors): Calibration | undefined {
  if (!Object.hasOwn(file.tensors, "calibration.same")) return undefined;
  const [same, different] = ["same", "different"].map((kind) => readNumbers(file, `calibration.${kind}`));
  try {
    return calibrate(same, different);
  } catch (error) {
    throw new DataError(`${file.path}: calibration: ${(error as Error).message}`, { cause: error });
  }
}
