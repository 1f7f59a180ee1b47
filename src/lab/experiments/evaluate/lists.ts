/** What identification and BLUFR share: all faces compared with all, and lists drawn by several seeds. */
import { join } from "node:path";
import { writeFileAtomic, writingTo } from "../../../base/files/index.ts";
import { type StagedProgress, stageOf } from "../../../base/progress/index.ts";
import type { FeatureSet } from "../../../matching/features/index.ts";
import {
  type MetricName,
  metricNamed,
  type ScoreTable,
  scoreTable,
} from "../../../matching/protocols/index.ts";
import { createMultiply } from "../../../math/engine/index.ts";
import type { SessionOptions } from "../../../math/session/index.ts";
import type { Judged } from "./evaluation.ts";

export interface ListOptions extends SessionOptions {
  readonly metric: MetricName;
  /** How often lists are drawn: by the seeds 1 to this. */
  readonly draws: number;
  /** A folder for the lists of every draw, a .tsv of all pictures each. */
  readonly lists?: string;
}

/** Runs `work` with the scores of all pairs of rows. */
export async function withScores<T>(
  { set, ...compared }: Judged,
  options: ListOptions,
  progress: StagedProgress,
  work: (table: ScoreTable) => Promise<T>,
): Promise<T> {
  await using engine = createMultiply(options);
  const table = await scoreTable(metricNamed(options.metric, compared), set, {
    multiply: engine.multiply,
    ...stageOf(progress, "comparing"),
  });
  return await work(table);
}

/** The seeds of `draws` draws. */
export const seedsOf = ({ draws }: ListOptions): number[] => Array.from({ length: draws }, (_, i) => i + 1);

/** Rows by the name of their role. */
export type Roles = Readonly<Record<string, readonly number[]>>;

/** Writes a .tsv of all pictures: name, person and, a column for each of `lists`, the role there. */
export async function writeLists(
  path: { readonly folder: string | undefined; readonly file: string },
  { names, identities }: Pick<FeatureSet, "names" | "identities">,
  lists: Readonly<Record<string, Roles>>,
): Promise<void> {
  if (path.folder === undefined) return;
  const columns = Object.values(lists).map((roles) => {
    const column = names.map(() => "");
    for (const [role, rows] of Object.entries(roles)) for (const row of rows) column[row] = role;
    return column;
  });
  const head = ["name", "person", ...Object.keys(lists)];
  const rows = names.map((name, row) => [name, identities[row], ...columns.map((column) => column[row])]);
  const file = join(path.folder, path.file);
  const text = [head, ...rows].map((row) => `${row.join("\t")}\n`).join("");
  await writingTo(file, () => writeFileAtomic(file, text));
}
