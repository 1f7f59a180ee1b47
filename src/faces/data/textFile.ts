/** Text files of columns, whose errors say file and line. */
import { DataError, quote } from "../../base/errors/index.ts";
import { readText } from "../../base/files/index.ts";
import { nameKey } from "../../base/names/index.ts";

/** One line that holds something. */
export interface Line {
  readonly lineNumber: number;
  readonly columns: readonly string[];
  /** A DataError that names the file and this line. */
  error(reason: string): DataError;
  /** The number in column `index`, counted from 0; `what` names it in the error. */
  number(index: number, what: string): number;
  /** The same for a whole number of at least 1. */
  count(index: number, what: string): number;
}

/**
 * Reads the lines of `path` that are not blank, in NFC, as names are compared; columns are cut at `separator`, or at tabs where a line has any, else at spaces.
 */
export async function readLines(path: string, separator?: string): Promise<Line[]> {
  const text = await readText(path);
  const lines: Line[] = [];
  for (const [i, line] of nameKey(text)
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() !== "") lines.push(lineOf(path, i + 1, line, separator));
  }
  return lines;
}

function lineOf(path: string, lineNumber: number, text: string, separator?: string): Line {
  const columns = text
    .trim()
    .split(separator ?? (text.includes("\t") ? /\t+/ : / +/))
    .map((column) => column.trim());
  const error = (reason: string) => new DataError(`${path}:${lineNumber}: ${reason}`);
  const number = (index: number, what: string) => {
    const value = columns[index] === "" ? Number.NaN : Number(columns[index]);
    if (!Number.isFinite(value)) throw error(`${what} must be a number, got ${quote(columns[index])}`);
    return value;
  };
  return {
    lineNumber,
    columns,
    error,
    number,
    count(index, what) {
      const value = number(index, what);
      if (Number.isSafeInteger(value) && value >= 1) return value;
      throw error(`${what} must be a whole number above 0, got ${quote(columns[index])}`);
    },
  };
}
