/** Answers about photos as files: a line of JSON for each photo, and rows as CSV [RFC 4180]. */
import { writeFileAtomic, writingTo } from "../../base/files/index.ts";
import { type Cell, csvText } from "../../base/text/index.ts";
import type { Answered } from "./eachPhoto.ts";

/** Where answers are written; left out: nowhere. */
export interface AnswerFiles {
  readonly csv?: string;
  readonly jsonl?: string;
}

/** The columns of a table of answers, and the rows of one photo. */
export interface AnswerTable<T> {
  readonly columns: readonly string[];
  rows(answered: Answered<T>): readonly (readonly Cell[])[];
}

export async function writeAnswers<T extends object>(
  { csv, jsonl }: AnswerFiles,
  { columns, rows }: AnswerTable<T>,
  answers: readonly Answered<T>[],
): Promise<void> {
  const table = () => {
    const all = answers.flatMap(rows);
    return csvText(
      columns,
      all.map((row) => row.map(rounded)),
    );
  };
  if (csv !== undefined) await writingTo(csv, () => writeFileAtomic(csv, table()));
  const json = answerLines(answers).map((line) => `${JSON.stringify(line)}\n`);
  if (jsonl !== undefined) await writingTo(jsonl, () => writeFileAtomic(jsonl, json.join("")));
}

/** The answers with their photos, ready for JSON. */
export const answerLines = <T extends object>(answers: readonly Answered<T>[]): object[] =>
  answers.map(({ photo, answer }) => ({ photo, ...answer }));

/** Numbers of six digits are exact enough for scores, probabilities and pixels. */
const rounded = (cell: Cell): Cell => (typeof cell === "number" ? Number(cell.toPrecision(6)) : cell);
