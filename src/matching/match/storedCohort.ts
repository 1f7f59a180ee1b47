/**
 * A calibration by a cohort, as the tensors of a file of its own: the matcher beside it stays as it is, and with it whatever
 * was made with it, galleries above all.
 */
import { DataError } from "../../base/errors/index.ts";
import { requireTensor, type Safetensors } from "../../base/safetensors/index.ts";
import { fromBytes, toBytes } from "./byteMatrix.ts";
import type { Calibration } from "./calibration.ts";
import type { Cohort } from "./cohort.ts";
import { calibrationOf, tensorsOfCalibration } from "./storedCalibration.ts";
import type { MatcherTensors } from "./storedMatcher.ts";

const FORMAT = "deepid2plus-cohort";

/** A calibration that has a cohort. */
export type CohortCalibration = Calibration & { readonly cohort: Cohort };

/** The tensors of a file. A centroid's numbers lose at most half a 127th of its largest; fitted ones lose nothing. */
export function tensorsOfCohort(calibration: CohortCalibration): MatcherTensors {
  const { centroids, nearest, weights } = calibration.cohort;
  const { rows, columns } = centroids;
  const { bytes, scales } = toBytes(centroids);
  const use = Float64Array.of(nearest, weights.score, weights.normalised);
  const tensors = {
    centroids: { dtype: "I8", shape: [rows, columns], data: bytes },
    scales: { dtype: "F32", shape: [rows], data: scales },
    use: { dtype: "F64", shape: [3], data: use },
    ...tensorsOfCalibration(calibration),
  } as const;
  return { tensors, metadata: { format: FORMAT } };
}

/** What `tensorsOfCohort` made the tensors of, for a matcher of `columns` coordinates. */
export function cohortOfTensors(file: Safetensors, columns: number): CohortCalibration {
  const { path, metadata } = file;
  if (metadata.format !== FORMAT) {
    throw new DataError(`${path}: needs metadata format "${FORMAT}", got ${JSON.stringify(metadata.format)}`);
  }
  const { shape, data: bytes } = requireTensor(file, "centroids", { dtype: "I8", shape: [-1, columns] });
  const [rows] = shape;
  const { data: scales } = requireTensor(file, "scales", { dtype: "F32", shape: [rows] });
  const { data: use } = requireTensor(file, "use", { dtype: "F64", shape: [3] });
  const [nearest, score, normalised] = use;
  if (!(Number.isInteger(nearest) && nearest >= 2 && nearest <= rows)) {
    throw new DataError(`${path}: use: needs 2 to ${rows} nearest centroids, got ${nearest}`);
  }
  if (!(Number.isFinite(score) && Number.isFinite(normalised) && scales.every(Number.isFinite))) {
    throw new DataError(`${path}: weights and scales must be finite`);
  }
  const centroids = fromBytes({ bytes, scales }, { rows, columns });
  const cohort = { centroids, nearest, weights: { score, normalised } };
  return Object.assign(calibrationOf(file, cohort), { cohort });
}
