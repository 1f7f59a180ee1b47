/** `--csv` and `--jsonl`: answers as files for other programs, beside what is printed. */
import type { Command } from "commander";
import { checkWritable, writeFileAtomic, writingTo } from "../../base/files/index.ts";
import { type Cell, csvText } from "../../base/text/index.ts";

export interface TableOptions {
  readonly csv?: string;
  readonly jsonl?: string;
}

export const addTableOptions = (command: Command): Command =>
  command
    .optionsGroup("Files:")
    .option("--csv <file>", "write the answers as a table, too")
    .option("--jsonl <file>", "write the answers as JSON, a line for each photo, too");

/** Refuses places that cannot be written before there is anything to write. */
export function checkTables({ csv, jsonl }: TableOptions): void {
  for (const file of [csv, jsonl]) if (file !== undefined) checkWritable(file, "file");
}

/** Writes the files asked for: `lines` as JSON, and `rows` of `columns` as CSV [RFC 4180]. */
export async function writeTables(
  { csv, jsonl }: TableOptions,
  lines: readonly object[],
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
): Promise<void> {
  if (csv !== undefined) await writingTo(csv, () => writeFileAtomic(csv, csvText(columns, rows)));
  const json = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  if (jsonl !== undefined) await writingTo(jsonl, () => writeFileAtomic(jsonl, json));
}
