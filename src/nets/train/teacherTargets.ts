/** What a teacher says of the training pictures: features of `deepid extract`, as targets for a net. */

import { DataError, firstFew, InputError } from "../../base/errors/index.ts";
import { sha256 } from "../../base/files/index.ts";
import { type FeatureSet, rowOf } from "../../matching/features/index.ts";

/** Targets of the training pictures, in their order. */
export interface TeacherTargets {
  /** [pictures, width]: the mean of 0 over the pictures, deviations of 1 on average over the columns. */
  readonly values: Float32Array;
  readonly width: number;
  /** Names these numbers: a run is only resumed with the same. */
  readonly key: string;
}

/** A teacher's features of the training pictures, and maybe of others; `source` says in errors where they come from. */
export interface TeacherFeatures {
  readonly features: FeatureSet;
  readonly source: string;
  /** Equal parts of each row (default: 2, the face and its mirror image; see `teacherTargets`). */
  readonly views?: number;
}

/**
 * The targets of the pictures `names` out of `features`, of which `views` equal parts stand side by side in each row (the face
 * and its mirror image, as `deepid extract` writes them) and are averaged. They are centred and scaled over `names`: embedders
 * have a large common mean, which would be most of the error. `source` says in errors where the features come from.
 *
 * @throws InputError where a row does not divide into `views`; DataError where pictures have no features.
 */
export function teacherTargets(
  features: FeatureSet,
  { names, views = 2, source }: { names: readonly string[]; views?: number; source: string },
): TeacherTargets {
  if (features.dimension % views !== 0) {
    throw new InputError(
      `${source}: needs ${views} views of equal width side by side, got ${features.dimension} numbers a picture; ` +
        "set teacher.views to 1 if they are one",
    );
  }
  const rowOfName = new Map(features.names.map((name, row) => [name, row]));
  const missing = names.filter((name) => !rowOfName.has(name));
  if (missing.length > 0) {
    throw new DataError(
      `${source}: needs the teacher's features of all ${names.length} pictures to learn from, ${missing.length} are ` +
        `missing: ${firstFew(missing)}`,
    );
  }
  const width = features.dimension / views;
  const values = new Float32Array(names.length * width);
  names.forEach((name, i) => {
    const row = rowOf(features, rowOfName.get(name)!);
    for (let at = 0; at < row.length; at++) values[i * width + (at % width)] += row[at] / views;
  });
  standardise(values, width);
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { values, width, key: sha256(bytes) };
}

/** Takes the mean off each column, and divides by one number for all. */
function standardise(values: Float32Array, width: number): void {
  const rows = values.length / width;
  const mean = new Float64Array(width);
  values.forEach((value, at) => {
    mean[at % width] += value / rows;
  });
  let variance = 0;
  values.forEach((value, at) => {
    values[at] = value - mean[at % width];
    variance += values[at] ** 2 / values.length;
  });
  const deviation = Math.sqrt(variance) || 1;
  for (let at = 0; at < values.length; at++) values[at] /= deviation;
}
