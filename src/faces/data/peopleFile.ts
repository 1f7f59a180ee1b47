/** Lists of people: one a line. */
import { DataError } from "../../base/errors/index.ts";
import { readLines } from "./textFile.ts";

/** Reads a list of people, one a line: the first column, so that LFW's people.txt will do; # begins a remark. */
export async function readPeople(path: string): Promise<string[]> {
  const lines = await readLines(path);
  const people = lines.map(({ columns }) => columns[0]).filter((name) => !name.startsWith("#"));
  if (people.length === 0) throw new DataError(`${path}: needed people, one a line, got none`);
  return people;
}
