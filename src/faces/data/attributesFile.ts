/**
 * Attributes of pictures from a text file: LFW's, as Kumar et al. (ICCV 2009) publish it or as a table of 0 and 1.
 *
 * The first line names the columns, cut at tabs: `image` (Name_0001) or `person` and `imagenum` (Name, 1), then the
 * attributes. A leading `#` is skipped. Where no number is negative, 1 means clearly present and 0 says nothing;
 * else the sign decides, above 0 present and below 0 absent.
 */
import { DataError, firstFew, quote } from "../../base/errors/index.ts";
import { withoutExtension } from "../../base/files/index.ts";
import type { AttributeTable } from "../../matching/features/index.ts";
import { type Line, readLines } from "./textFile.ts";

/** Reads the attributes of the pictures that `path` lists, under the names that LFW's pictures have: Name/Name_0001. */
export async function readAttributes(path: string): Promise<AttributeTable> {
  const lines = (await readLines(path)).filter(({ columns }) => !isComment(columns));
  const [head, ...rows] = lines;
  if (!head || rows.length === 0) throw new DataError(`${path}: needs a line of column names and pictures`);
  const titles = titlesOf(head.columns);
  const byPerson = /^person$/i.test(titles[0]) && /^imagenum$/i.test(titles[1] ?? "");
  if (!byPerson && !/^(?:image|picture|name)$/i.test(titles[0])) {
    throw head.error(
      `columns must begin with "image" or with "person" and "imagenum", got ${quote(titles[0])}`,
    );
  }
  const skip = byPerson ? 2 : 1;
  const names = titles.slice(skip);
  const twice = names.filter((name, i) => names.indexOf(name) !== i);
  if (names.length === 0 || twice.length > 0) {
    throw head.error(
      names.length === 0 ? "names no attributes" : `names attributes twice: ${firstFew(twice)}`,
    );
  }
  const pictures = rows.map((line) => pictureOf(line, byPerson, titles.length));
  const repeated = new Set(pictures).size === pictures.length ? undefined : firstRepeated(pictures);
  if (repeated !== undefined)
    throw rows[repeated].error(`the picture ${pictures[repeated]} stands here twice`);
  const numbers = names.map((name, k) => Float64Array.from(rows, (line) => line.number(skip + k, name)));
  const signed = numbers.some((column) => column.some((value) => value < 0));
  const attributes = names.map((name, k) => [name, Int8Array.from(numbers[k], Math.sign)] as const);
  if (!signed && numbers.some((column) => column.some((value) => value !== 0 && value !== 1))) {
    throw new DataError(`${path}: numbers must be 0 and 1, or of both signs`);
  }
  return { pictures, attributes: new Map(attributes) };
}

/** Kumar's file begins with a line of its title, then the names of its columns, both after a `#`. */
const isComment = (columns: readonly string[]) => columns[0].startsWith("#") && !isHead(titlesOf(columns));

/** Columns without the `#` that may stand before or in the first. */
const titlesOf = (columns: readonly string[]) =>
  columns.map((title) => title.replace(/^#\s*/, "")).filter((title) => title !== "");

/** Whether a line names columns. */
const isHead = (titles: readonly string[]) =>
  titles.length > 1 && /^(?:image|picture|name|person)$/i.test(titles[0]);

function pictureOf(line: Line, byPerson: boolean, columns: number): string {
  if (line.columns.length !== columns) {
    throw line.error(`needs ${columns} columns like the first line, got ${line.columns.length}`);
  }
  if (byPerson) {
    const person = line.columns[0].replaceAll(" ", "_");
    return `${person}/${person}_${String(line.count(1, "the picture's number")).padStart(4, "0")}`;
  }
  const name = withoutExtension(line.columns[0]);
  if (name.includes("/")) return name;
  const person = /^(.+)_\d+$/.exec(name)?.[1];
  return person === undefined ? name : `${person}/${name}`;
}

function firstRepeated(pictures: readonly string[]): number {
  const seen = new Set<string>();
  return pictures.findIndex((picture) => seen.size === seen.add(picture).size);
}
