/** A fitted matcher, with its calibration if it has one, and a calibration by a cohort, in safetensors files. */
import { readSafetensors, writeSafetensors } from "../../base/files/index.ts";
import {
  type CohortCalibration,
  cohortOfTensors,
  matcherOfTensors,
  type StoredMatcher,
  tensorsOfCohort,
  tensorsOfMatcher,
} from "../match/index.ts";

/** Writes a matcher. */
export async function writeMatcher(path: string, stored: StoredMatcher): Promise<void> {
  const { tensors, metadata } = tensorsOfMatcher(stored);
  await writeSafetensors(path, tensors, metadata);
}

/** Reads what `writeMatcher` wrote. */
export const readMatcher = async (path: string): Promise<StoredMatcher> =>
  matcherOfTensors(await readSafetensors(path));

/** Writes a calibration by a cohort. */
export async function writeCohort(path: string, calibration: CohortCalibration): Promise<void> {
  const { tensors, metadata } = tensorsOfCohort(calibration);
  await writeSafetensors(path, tensors, metadata);
}

/** Reads what `writeCohort` wrote, for a matcher of `columns` coordinates. */
export const readCohort = async (path: string, columns: number): Promise<CohortCalibration> =>
  cohortOfTensors(await readSafetensors(path), columns);
