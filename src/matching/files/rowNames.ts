/**
 * Names of rows for formats that hold numbers only: a text file of one line a row, in order, `person/photo.jpg`, or
 * a name and its person with a tab between them. Without a person it is the folder that the picture lies in.
 */
import { DataError, InputError, quote } from "../../base/errors/index.ts";
import { readText, withoutExtension } from "../../base/files/index.ts";
import { nameKey } from "../../base/names/index.ts";
import { createFeatureSet, type FeatureSet } from "../features/index.ts";

export type RowNames = Pick<FeatureSet, "names" | "identities">;

/** Reads such a file. */
export async function readRowNames(path: string): Promise<RowNames> {
  const text = await readText(path);
  const lines = text
    .replace(/^\uFEFF/, "")
    .replace(/\r?\n$/, "")
    .split(/\r?\n/);
  const rows = lines.map((line, i) => {
    const columns = line.split("\t");
    if (!(columns.length <= 2 && columns.every((column) => column.trim() !== ""))) {
      throw new DataError(
        `${path}:${i + 1}: needed a name, or a name, a tab and a person, got ${quote(line)}`,
      );
    }
    return nameAndPerson(columns[0].trim(), columns[1]?.trim(), `${path}:${i + 1}`);
  });
  return { names: rows.map(({ name }) => name), identities: rows.map(({ identity }) => identity) };
}

/** The name without a picture's extension, and the person: the given one or the name's folder. */
export function nameAndPerson(picture: string, person: string | undefined, where: string) {
  const name = withoutExtension(picture);
  const identity = person ?? name.split("/").at(-2);
  if (identity) return { name, identity };
  throw new DataError(
    `${where}: no person: needed one beside the name, or a name like "person/photo", got ${quote(picture)}`,
  );
}

/** The lines of a names file for `names`. */
export function formatRowNames({ names, identities }: RowNames): string {
  const broken = [...names, ...identities].find((text) => /[\t\r\n]/.test(text) || text.trim() === "");
  if (broken !== undefined) {
    throw new InputError(`a file of names holds one a line and no tabs; it cannot hold ${quote(broken)}`);
  }
  return names.map((name, row) => `${name}\t${identities[row]}\n`).join("");
}

/** A set from a file's matrix and the names of its rows, read from the file `named`. */
export function rowsNamedIn(
  named: string,
  names: RowNames,
  { path, shape, data }: { path: string; shape: readonly number[]; data: Float32Array },
): FeatureSet {
  if (names.names.length !== shape[0]) {
    throw new DataError(`${path}: ${shape[0]} rows of features but ${names.names.length} names in ${named}`);
  }
  return checkedSet(path, data, shape[1], names);
}

/** `createFeatureSet` for what came from the file `path`; names in NFC, as they are compared. */
export function checkedSet(
  path: string,
  values: Float32Array,
  dimension: number,
  names: RowNames,
): FeatureSet {
  try {
    return createFeatureSet(values, dimension, {
      names: names.names.map(nameKey),
      identities: names.identities.map(nameKey),
    });
  } catch (error) {
    throw new DataError(`${path}: ${(error as Error).message}`, { cause: error });
  }
}
