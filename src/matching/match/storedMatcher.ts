/** A fitted matcher, with its calibration if it has one, as the tensors of a safetensors file. */
import { DataError } from "../../base/errors/index.ts";
import { requireTensor, type SafeTensor, type Safetensors } from "../../base/safetensors/index.ts";
import { type Matrix, matrix } from "../../math/linalg/index.ts";
import { exactBytes, fromBytes, roundToBytes } from "./byteMatrix.ts";
import type { Calibration } from "./calibration.ts";
import { createMatcher, type Matcher, type MatcherModel } from "./matcher.ts";
import { forBothMirrors, oneOfMirrors } from "./mirrors.ts";
import { calibrationOf, tensorsOfCalibration } from "./storedCalibration.ts";

const FORMAT = "deepid2plus-matcher";

/** What a matcher file holds. */
export interface StoredMatcher {
  readonly matcher: Matcher;
  readonly calibration?: Calibration;
}

/**
 * Rounds a matcher's directions to bytes with a scale for each, and its mean to float32, so that what is measured is
 * what is released: the directions of 25 nets are most of a system's file.
 */
export function roundMatcher({ model }: Matcher): Matcher {
  const mean = model.mean.map(Math.fround);
  return createMatcher({ ...model, mean, directions: roundToBytes(model.directions) });
}

/** Directions as bytes where that loses nothing, else as float32. */
function directionsTensors(directions: Matrix): Record<string, SafeTensor> {
  const { rows, columns, values } = directions;
  const shape = [rows, columns];
  const held = exactBytes(directions);
  if (!held) return { directions: { dtype: "F32", shape, data: Float32Array.from(values) } };
  return {
    directions: { dtype: "I8", shape, data: held.bytes },
    "directions.scales": { dtype: "F32", shape: [rows], data: held.scales },
  };
}

function readDirections(file: Safetensors): Matrix {
  if (file.tensors.directions?.dtype !== "I8") {
    const { shape, data } = requireTensor(file, "directions", { dtype: "F32", shape: [-1, -1] });
    return matrix(shape[0], shape[1], Float64Array.from(data));
  }
  const { shape, data: bytes } = requireTensor(file, "directions", { dtype: "I8", shape: [-1, -1] });
  const [rows, columns] = shape;
  const { data: scales } = requireTensor(file, "directions.scales", { dtype: "F32", shape: [rows] });
  return fromBytes({ bytes, scales }, { rows, columns });
}

/** The mean as float32 where that loses nothing. */
function meanTensor(mean: Float64Array): SafeTensor {
  const shape = [mean.length];
  const narrow = mean.every((value) => Math.fround(value) === value);
  return narrow
    ? { dtype: "F32", shape, data: Float32Array.from(mean) }
    : { dtype: "F64", shape, data: mean };
}

const meanType = (file: Safetensors) => (file.tensors.mean?.dtype === "F32" ? "F32" : "F64");

/** What a file holds. */
export interface MatcherTensors {
  readonly tensors: Readonly<Record<string, SafeTensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A matcher as the tensors of a file. */
export function tensorsOfMatcher({ matcher, calibration }: StoredMatcher): MatcherTensors {
  const { blockSize, mirrored, ratios } = matcher.model;
  const { rows } = matcher.model.directions;
  const { mean, directions } = mirrored === undefined ? matcher.model : halved(matcher.model, mirrored);
  const tensors: Record<string, SafeTensor> = {
    mean: meanTensor(mean),
    ...directionsTensors(directions),
    ratios: { dtype: "F64", shape: [rows], data: ratios },
  };
  if (calibration) Object.assign(tensors, tensorsOfCalibration(calibration));
  const alike: Record<string, string> = mirrored === undefined ? {} : { mirrored: String(mirrored) };
  return { tensors, metadata: { format: FORMAT, blockSize: String(blockSize), ...alike } };
}

type Compared = Pick<MatcherModel, "mean" | "directions">;

/** What a file holds of mean and directions that are the same for a face and its mirror image. */
const halved = ({ mean, directions }: Compared, mirrored: number): Compared => ({
  mean: oneOfMirrors(matrix(1, mean.length, mean), mirrored).values,
  directions: oneOfMirrors(directions, mirrored),
});

/** Undoes `halved`. */
function whole({ mean, directions }: Compared, mirrored: number, path: string): Compared {
  if (!(Number.isInteger(mirrored) && mirrored >= 1 && mean.length % mirrored === 0)) {
    throw new DataError(`${path}: mirrored must divide ${mean.length}, got ${mirrored}`);
  }
  return {
    mean: forBothMirrors(matrix(1, mean.length, mean), mirrored).values,
    directions: forBothMirrors(directions, mirrored),
  };
}

/** The matcher that `tensorsOfMatcher` made the tensors of. */
export function matcherOfTensors(file: Safetensors): StoredMatcher {
  const { path } = file;
  if (file.metadata.format !== FORMAT) {
    throw new DataError(
      `${path}: needs metadata format "${FORMAT}", got ${JSON.stringify(file.metadata.format)}`,
    );
  }
  const directions = readDirections(file);
  const { rows, columns } = directions;
  const mean = Float64Array.from(
    requireTensor(file, "mean", { dtype: meanType(file), shape: [columns] }).data,
  );
  const mirrored = file.metadata.mirrored === undefined ? undefined : Number(file.metadata.mirrored);
  const held = { mean, directions };
  const model: MatcherModel = {
    blockSize: Number(file.metadata.blockSize),
    ...(mirrored === undefined ? held : { ...whole(held, mirrored, path), mirrored }),
    ratios: requireTensor(file, "ratios", { dtype: "F64", shape: [rows] }).data,
  };
  checkModel(model, path);
  const calibration = Object.hasOwn(file.tensors, "calibration.same") ? calibrationOf(file) : undefined;
  return { matcher: createMatcher(model), calibration };
}

function checkModel({ blockSize, mean, directions, ratios }: MatcherModel, path: string): void {
  const divides =
    Number.isInteger(blockSize) && blockSize >= 0 && (blockSize === 0 || mean.length % blockSize === 0);
  if (!divides)
    throw new DataError(`${path}: blockSize must divide ${mean.length} or be 0, got ${blockSize}`);
  if (!(allFinite(mean) && allFinite(directions.values))) {
    throw new DataError(`${path}: mean and directions must be finite`);
  }
  if (!ratios.every((ratio) => ratio >= 0 && Number.isFinite(ratio))) {
    throw new DataError(`${path}: ratios must be finite and 0 or more`);
  }
}

/** By a sum, which is no number as soon as one term is none: a call for each of 184,000 is a tenth of the time to open a matcher. */
function allFinite(values: Float64Array): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * 0;
  return sum === 0;
}
