/** A calibration as tensors of a file: the scores that it is fitted to, and the curve. */
import { Float16Array, f16round } from "@petamoriken/float16";
import { DataError, InputError } from "../../base/errors/index.ts";
import { requireTensor, type SafeTensor, type Safetensors } from "../../base/safetensors/index.ts";
import { type Calibration, type Curve, calibrate } from "./calibration.ts";
import type { Cohort } from "./cohort.ts";

/** The tensors `calibration.same`, `calibration.different` and `calibration.curve` (slope and offset). */
export const tensorsOfCalibration = ({ same, different, slope, offset }: Calibration) =>
  ({
    "calibration.same": scoresTensor(same),
    "calibration.different": scoresTensor(different),
    "calibration.curve": { dtype: "F64", shape: [2], data: Float64Array.of(slope, offset) },
  }) as const;

/** What `tensorsOfCalibration` made the tensors of. Files of earlier releases have no curve: it is fitted when it is asked for. */
export function calibrationOf(file: Safetensors, cohort?: Cohort): Calibration {
  const [same, different] = ["same", "different"].map((kind) => readScores(file, `calibration.${kind}`));
  try {
    return calibrate(same, different, { cohort, fitted: readCurve(file) });
  } catch (error) {
    throw new DataError(`${file.path}: calibration: ${(error as Error).message}`, { cause: error });
  }
}

function readCurve(file: Safetensors): Curve | undefined {
  if (!Object.hasOwn(file.tensors, "calibration.curve")) return undefined;
  const [slope, offset] = requireTensor(file, "calibration.curve", { dtype: "F64", shape: [2] }).data;
  if (!(Number.isFinite(slope) && Number.isFinite(offset))) {
    throw new InputError(`its curve must be two finite numbers, got ${slope} and ${offset}`);
  }
  return { slope, offset };
}

/** The largest number that half floats hold. */
const LARGEST_HALF = 65504;

/** The most scores of either kind that are stored: every start of a program reads them. */
const MOST_STORED = 20_000;

/**
 * Scores to calibrate on as they are stored: of more than 20,000, so many of evenly spaced ranks; rounded to half floats, to 2⁻¹¹ of
 * themselves. In what order they come is lost.
 */
export function scoresToStore(scores: Float64Array): Float64Array {
  const sorted = scores.slice().sort();
  const count = Math.min(MOST_STORED, sorted.length);
  const kept = Float64Array.from(
    { length: count },
    (_, i) => sorted[Math.floor(((i + 0.5) * sorted.length) / count)],
  );
  return kept.map(kept.every((score) => Math.abs(score) <= LARGEST_HALF) ? f16round : Math.fround);
}

/** Scores as half floats where that loses nothing, else as they are. */
function scoresTensor(scores: Float64Array): SafeTensor {
  const shape = [scores.length];
  if (!scores.every((score) => f16round(score) === score)) return { dtype: "F64", shape, data: scores };
  return { dtype: "F16", shape, data: new Uint16Array(Float16Array.from(scores).buffer) };
}

function readScores(file: Safetensors, name: string): Float64Array {
  if (file.tensors[name]?.dtype !== "F16") {
    return requireTensor(file, name, { dtype: "F64", shape: [-1] }).data;
  }
  const { data } = requireTensor(file, name, { dtype: "F16", shape: [-1] });
  // A plain loop, and no proxy of a Float16Array: every start of a program reads 40,000 of them.
  const scores = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) scores[i] = ofHalf(data[i]);
  return scores;
}

const POWERS = Float64Array.from({ length: 31 }, (_, exponent) => 2 ** (exponent - 15));

/** The number that the bits of a half float say. */
function ofHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * POWERS[exponent];
}
