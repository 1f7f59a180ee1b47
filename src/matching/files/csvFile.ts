import { CsvError, parse } from "csv-parse";
import { DataError, quote } from "../../base/errors/index.ts";
import { openForeign, unreadable, writeFileAtomic } from "../../base/files/index.ts";
import type { FeatureSet } from "../features/index.ts";
import { checkedSet, nameAndPerson } from "./rowNames.ts";

/** Longest line that is read, in bytes: 300,000 numbers. */
const MAX_LINE_BYTES = 4 * 2 ** 20;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Reads such a file; `delimiter` stands between columns. */
export async function readCsv(path: string, delimiter: "," | "\t"): Promise<FeatureSet> {
  const file = await openForeign(path).catch((error: Error) => {
    throw unreadable(path, error);
  });
  const lines = file
    .createReadStream({ autoClose: false })
    .pipe(
      parse({ bom: true, delimiter, info: true, relax_column_count: true, max_record_size: MAX_LINE_BYTES }),
    );
  const [names, identities, rows]: [string[], string[], Float32Array[]] = [[], [], []];
  let head: Head | undefined;
  try {
    for await (const { record, info } of lines as AsyncIterable<{
      record: string[];
      info: { lines: number };
    }>) {
      const where = `${path}:${info.lines}`;
      if (!head) {
        head = parseHead(record, where);
        continue;
      }
      if (record.length !== head.columns) {
        throw new DataError(
          `${where}: needed ${head.columns} columns like the first line, got ${record.length}`,
        );
      }
      const person = head.hasIdentity ? record[1].trim() : undefined;
      const { name, identity } = nameAndPerson(record[0].trim(), person, where);
      names.push(name);
      identities.push(identity);
      rows.push(parseRow(record, head, where));
    }
  } catch (error) {
    if (error instanceof DataError) throw error;
    if (error instanceof CsvError)
      throw new DataError(`${path}: not CSV: ${error.message}`, { cause: error });
    throw unreadable(path, error as Error);
  } finally {
    await file.close();
  }
  if (!(head && rows.length >= 1)) throw new DataError(`${path}: needs a first line and rows, got none`);
  const dimension = head.columns - head.first;
  const values = new Float32Array(rows.length * dimension);
  for (const [row, numbers] of rows.entries()) values.set(numbers, row * dimension);
  return checkedSet(path, values, dimension, { names, identities });
}

interface Head {
  readonly columns: number;
  readonly hasIdentity: boolean;
  /** The first column of numbers. */
  readonly first: number;
}

function parseHead(record: readonly string[], where: string): Head {
  const [name, second] = record.map((column) => column.trim().toLowerCase());
  const hasIdentity = second === "identity";
  const first = hasIdentity ? 2 : 1;
  if (name === "name" && record.length > first) return { columns: record.length, hasIdentity, first };
  throw new DataError(
    `${where}: needed a first line "name,identity," or "name," and a name for each column of numbers, got ` +
      `${quote(record.slice(0, 3).join(","))} and ${Math.max(0, record.length - 3)} more`,
  );
}

function parseRow(record: readonly string[], { first }: Head, where: string): Float32Array {
  return Float32Array.from({ length: record.length - first }, (_, i) => {
    const text = record[first + i].trim();
    if (!NUMBER.test(text)) {
      throw new DataError(`${where}: column ${first + i + 1} must be a finite number, got ${quote(text)}`);
    }
    return Number(text);
  });
}

/** Writes such a file. Numbers are as short as tells each float32 from its neighbours. */
export async function writeCsv(path: string, set: FeatureSet, delimiter: "," | "\t"): Promise<void> {
  const columns = Array.from({ length: set.dimension }, (_, j) => `f${j}`);
  const lines = set.names.map((name, row) => {
    const numbers = set.values.subarray(row * set.dimension, (row + 1) * set.dimension);
    return [quoted(name), quoted(set.identities[row]), ...Array.from(numbers, shortest)].join(delimiter);
  });
  const text = [["name", "identity", ...columns].join(delimiter), ...lines];
  const bytes = text.map((line) => Buffer.from(`${line}\n`)); // one string could grow too long for JavaScript
  await writeFileAtomic(path, bytes);
}

const quoted = (text: string) => (/[",\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The shortest text that reads back as the same float32; nine digits always do. */
function shortest(value: number): string {
  for (const digits of [6, 7, 8]) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(Number(value.toPrecision(9)));
}
