/**
 * Groups of unknown faces as a table: a row for each face, with a column `name` that is empty until somebody fills it in. What
 * comes back may have passed through a spreadsheet: other columns, another order, rows deleted, semicolons.
 */
import type { Info } from "csv-parse/sync";
import { DataError, InputError } from "../../base/errors/index.ts";
import { readText } from "../../base/files/index.ts";
import { personName } from "../../base/names/index.ts";
import { csvText } from "../../base/text/index.ts";
import type { Box } from "../../faces/image/index.ts";
import type { GalleryGroups } from "./clusterGallery.ts";
import type { PhotoGroups } from "./clusterPhotos.ts";

const COLUMNS = ["group", "name", "photo", "face", "x", "y", "width", "height"] as const;
type Column = (typeof COLUMNS)[number];

/** The table of `groups`, which are numbered from 1. */
export const groupsTable = ({ groups }: Pick<PhotoGroups, "groups">): string =>
  csvText(
    COLUMNS,
    groups.flatMap((group, index) =>
      group.map(({ name, face, box }) => [index + 1, "", name, face, ...cornersOf(box)]),
    ),
  );

const cornersOf = (box: Box | null): readonly (number | null)[] =>
  box ? [box.x, box.y, box.width, box.height].map((value) => Math.round(value)) : [null, null, null, null];

/** A face that has got a name. */
export interface NamedRow {
  readonly person: string;
  readonly photo: string;
  readonly face: number;
  /** Where the face was, in whole pixels; null in a picture that is an aligned face. */
  readonly box: Box | null;
}

/**
 * The rows of the groups that have a name in the table at `path`. A name in one row is that of its whole group; in a group with
 * several names each row has its own. DataError, with the line, for what is no such table, and where no row has a name.
 */
export async function readNamedGroups(path: string): Promise<NamedRow[]> {
  return (await namedRows(path, COLUMNS)).map(({ where, name, cell }) => ({
    person: name,
    photo: cell("photo"),
    face: wholeNumber(cell("face"), where),
    box: boxOf(cell, where),
  }));
}

const FACE_COLUMNS = ["group", "name", "person", "picture", "face"] as const;

/** The table of groups of a gallery's faces, which are numbered from 1; `face` is the number of the face. */
export const galleryGroupsTable = ({ groups }: Pick<GalleryGroups, "groups">): string =>
  csvText(
    FACE_COLUMNS,
    groups.flatMap((group, index) =>
      group.map(({ id, person, picture }) => [index + 1, "", person, picture, id]),
    ),
  );

/** The same as readNamedGroups of a table of a gallery's faces: which face gets which name, and whose it was. */
export async function readNamedFaces(
  path: string,
): Promise<{ name: string; person: string; face: number }[]> {
  return (await namedRows(path, FACE_COLUMNS)).map(({ where, name, cell }) => ({
    name,
    person: cell("person"),
    face: wholeNumber(cell("face"), where),
  }));
}

/** The rows of groups that have a name in a table of `columns`. */
async function namedRows<C extends string>(
  path: string,
  needed: readonly C[],
): Promise<{ where: string; name: string; cell: (column: C) => string }[]> {
  const [head, ...lines] = await parsed(await readText(path), path);
  const columns = head?.record.map((column) => column.trim().toLowerCase()) ?? [];
  const missing = needed.filter((column) => !columns.includes(column));
  if (missing.length > 0) {
    throw new DataError(`${path}: needs the columns ${needed.join(", ")}; there is no ${missing.join(", ")}`);
  }
  const rows = lines.map(({ record, info }) => {
    const cell = (column: C | "group" | "name"): string => record[columns.indexOf(column)]?.trim() ?? "";
    return { where: `${path}:${info.lines}`, group: cell("group"), name: cell("name"), cell };
  });
  const namesOf = new Map<string, Set<string>>();
  for (const { group, name } of rows) {
    if (name !== "") namesOf.set(group, (namesOf.get(group) ?? new Set()).add(name));
  }
  const named = rows.flatMap(({ where, group, name, cell }) => {
    const names = [...(namesOf.get(group) ?? [])];
    if (names.length === 0) return [];
    if (name === "" && names.length > 1) {
      throw new DataError(
        `${where}: group ${group} has several names (${names.join(", ")}), and this face has none`,
      );
    }
    return [{ where, name: checkedName(name || names[0], where), cell }];
  });
  if (named.length === 0)
    throw new DataError(`${path}: no group has a name; write names into the column "name"`);
  return named;
}

async function parsed(text: string, path: string): Promise<{ record: string[]; info: Info }[]> {
  const { CsvError, parse } = await import("csv-parse/sync"); // most programs read no such table
  const [first] = text.split("\n", 1);
  const delimiter = [",", ";", "\t"].find((one) => first.includes(one)) ?? ",";
  const how = { bom: true, info: true, relax_column_count: true, skip_empty_lines: true, delimiter } as const;
  try {
    return parse(text, how) as unknown as { record: string[]; info: Info }[];
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new DataError(`${path}: not comma-separated: ${cause.message}`, { cause });
  }
}

function checkedName(name: string, where: string): string {
  try {
    return personName(name, where);
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw new DataError(cause.message, { cause });
  }
}

function boxOf(cell: (column: Column) => string, where: string): Box | null {
  if (cell("x") === "") return null;
  const [x, y, width, height] = (["x", "y", "width", "height"] as const).map((column) =>
    wholeNumber(cell(column), where),
  );
  return { x, y, width, height };
}

function wholeNumber(text: string, where: string): number {
  if (/^-?\d{1,9}$/.test(text)) return Number(text);
  throw new DataError(
    `${where}: face, x, y, width and height must be whole numbers, got ${JSON.stringify(text)}`,
  );
}
