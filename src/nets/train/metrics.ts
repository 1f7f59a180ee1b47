/** What a run writes down: one JSON line each time it measures itself. */
import { existsSync } from "node:fs";
import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../../base/files/index.ts";

/** Means over the steps since the last line; arrays have one entry for each tap. */
export interface TrainingMetric {
  readonly step: number;
  /** Pictures shown so far, and seconds spent. */
  readonly images: number;
  readonly seconds: number;
  readonly imagesPerSecond: number;
  readonly learningRate: number;
  readonly lambda: number;
  /** `taught` and `kernel` with a teacher; id is 0 where it teaches alone. */
  readonly tapLosses: {
    readonly id: readonly number[];
    readonly ve: readonly number[];
    readonly taught?: readonly number[];
    readonly kernel?: readonly number[];
  };
  readonly featureNorms: readonly number[];
  readonly margins: readonly number[];
  /** Verification of people that were never trained on, by cosine of FC-4; only now and then. */
  readonly heldOut?: { readonly accuracy: number };
}

const fileIn = (folder: string) => join(folder, "metrics.jsonl");

export const appendMetric = (folder: string, metric: TrainingMetric): Promise<void> =>
  appendFile(fileIn(folder), `${JSON.stringify(metric)}\n`);

/** Every line of the run in `folder`; none where it has not begun. */
export async function readMetrics(folder: string): Promise<TrainingMetric[]> {
  if (!existsSync(fileIn(folder))) return [];
  const lines = (await readFile(fileIn(folder), "utf8")).split("\n");
  return lines.slice(0, -1).map((line) => JSON.parse(line) as TrainingMetric); // what follows the last \n was cut off
}

/** Forgets what was measured after step `step`: a resumed run measures it again. */
export async function truncateMetrics(folder: string, step: number): Promise<void> {
  const kept = (await readMetrics(folder)).filter((metric) => metric.step <= step);
  await writeFileAtomic(fileIn(folder), kept.map((metric) => `${JSON.stringify(metric)}\n`).join(""));
}
