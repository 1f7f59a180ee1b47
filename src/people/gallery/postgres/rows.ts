/** People and faces as PostgreSQL keeps them. */
import { keyOf, unknownFace, unknownPerson } from "../check.ts";
import { ALTERED, type Checksums, same } from "../checksums.ts";
import type { Fields } from "../filter.ts";
import type { NextModel } from "../modelChange.ts";
import type { Person, PersonKey, StoredFace } from "../store.ts";
import { noteChange } from "./changes.ts";
import type { Queries } from "./connection.ts";
import { MODEL_NOW, ofModel } from "./model.ts";
import { SCHEMA } from "./names.ts";

const BITS = Array.from({ length: 256 }, (_, byte) => byte.toString(2).padStart(8, "0"));
const ONE = "1".charCodeAt(0);

/** A code as PostgreSQL writes bits. */
export const bitsOf = (code: Uint8Array) => Array.from(code, (byte) => BITS[byte]).join("");

/** Each search reads hundreds of codes: character by character takes a tenth of the time of parsing eight at once. */
export function codeFrom(bits: string): Uint8Array {
  const code = new Uint8Array(bits.length / 8);
  for (let i = 0; i < bits.length; i++) if (bits.charCodeAt(i) === ONE) code[i >> 3] |= 128 >> (i & 7);
  return code;
}

/** Fields as their checksum has them: PostgreSQL keeps their values, and no order of them. */
export const fieldsText = (fields: Fields): string =>
  JSON.stringify(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Columns of a face, its checksum among them. */
export const FACE = "id, person, code::text, vector, fields, checksum";

export interface FaceRow {
  readonly id: string;
  readonly person: string;
  readonly code: string;
  readonly vector: Buffer | null;
  readonly fields: Fields;
  readonly checksum: Buffer | null;
}

/** The checksum that the face of a row must have, of `person` where that is another one. */
export function checksumOf(sums: Checksums, { id, code, vector, fields }: FaceRow, person: number): Buffer {
  return sums.face({ id: Number(id), person, code: codeFrom(code), vector, fields: fieldsText(fields) });
}

/** Whether the face of a row is as it was written. */
export const isSound = (sums: Checksums, row: FaceRow): boolean =>
  same(checksumOf(sums, row, Number(row.person)), row.checksum);

/** A face as it is given out; one that was altered says so, where `sums` can tell. */
export function asFace(row: FaceRow, sums: Checksums | undefined): StoredFace {
  const { id, person, code, vector, fields } = row;
  return {
    id: Number(id),
    person: Number(person),
    code: codeFrom(code),
    ...(vector && { vector }),
    fields,
    ...(sums && !isSound(sums, row) && { damaged: ALTERED }),
  };
}

export async function facesWhere(
  db: Queries,
  [column, values]: readonly [column: "id" | "person", values: readonly number[]],
  { sums, model }: { readonly sums: Checksums | undefined; readonly model: string },
): Promise<StoredFace[]> {
  const { rows } = await db.query(
    `SELECT ${FACE}, ${MODEL_NOW} FROM ${SCHEMA}.faces WHERE ${column} = ANY ($1) ORDER BY id`,
    [values],
  );
  return ofModel(rows, model).map((row) => asFace(row, sums));
}

/** Within a transaction: gives those faces to `person`; how many there are. */
export async function giveFaces(
  db: Queries,
  [column, value]: readonly [column: "id" | "person", value: number],
  { person, sums, next }: { readonly person: number; readonly sums: Checksums; readonly next?: NextModel },
): Promise<number> {
  const { rows } = await db.query(`SELECT ${FACE} FROM ${SCHEMA}.faces WHERE ${column} = $1 FOR UPDATE`, [
    value,
  ]);
  const given = (rows as FaceRow[]).map((row) => ({
    id: Number(row.id),
    // A face that was altered stays one: a new checksum would vouch for it.
    checksum: isSound(sums, row) ? checksumOf(sums, row, person) : row.checksum,
  }));
  await updateFaces(db, given, {
    person: ["bigint", given.map(() => person)],
    // What is kept of them for the next model has a checksum with their person, and is extracted once more.
    ...(next && { next_code: [`bit(${8 * next.codeBytes})`, given.map(() => null)] }),
  });
  await noteChange(db, { added: given.map(({ id }) => id) }); // whoever holds them reads them anew, with their person
  return rows.length;
}

/** Columns by name: their types, and a value for each face. */
export type NewColumns = Readonly<Record<string, readonly [type: string, values: readonly unknown[]]>>;

/** Sets checksums of faces, and the columns of `more`, by id. */
export const updateFaces = (
  db: Queries,
  faces: readonly { readonly id: number; readonly checksum: Buffer | null }[],
  more: NewColumns,
): Promise<void> =>
  setColumns(
    db,
    faces.map(({ id }) => id),
    { checksum: ["bytea", faces.map(({ checksum }) => checksum)], ...more },
  );

/** Sets columns of the faces of `ids`. */
export async function setColumns(db: Queries, ids: readonly number[], columns: NewColumns): Promise<void> {
  const names = Object.keys(columns);
  const arrays = Object.values(columns).map(([type], i) => `$${i + 2}::${type}[]`);
  await db.query(
    `UPDATE ${SCHEMA}.faces f SET ${names.map((name) => `${name} = n.${name}`).join(", ")}
     FROM unnest($1::bigint[], ${arrays.join(", ")}) AS n (id, ${names.join(", ")})
     WHERE f.id = n.id AND f.id = ANY ($1::bigint[])`,
    [ids, ...Object.values(columns).map(([, values]) => values)],
  );
}

/** Sets the checksums of people. */
export async function sealPeople(
  db: Queries,
  people: readonly Pick<Person, "id" | "name">[],
  sums: Checksums,
): Promise<void> {
  if (people.length === 0) return;
  await db.query(
    `UPDATE ${SCHEMA}.people p SET checksum = n.checksum FROM unnest($1::bigint[], $2::bytea[]) AS n (id, checksum)
     WHERE p.id = n.id`,
    [people.map(({ id }) => id), people.map(({ id, name }) => sums.person(id, name))],
  );
}

export async function peopleWhere(
  db: Queries,
  condition: string,
  values: readonly unknown[],
): Promise<Person[]> {
  const { rows } = await db.query(`SELECT id, name FROM ${SCHEMA}.people WHERE ${condition}`, values);
  const counts = await db.query(
    `SELECT person, count(*) AS faces FROM ${SCHEMA}.faces WHERE person = ANY ($1) GROUP BY person`,
    [rows.map(({ id }) => id)],
  );
  const facesOf = new Map(counts.rows.map(({ person, faces }) => [person, Number(faces)]));
  return rows.map(({ id, name }) => ({ id: Number(id), name, faces: facesOf.get(id) ?? 0 }));
}

/** The person, whom nobody else renames, merges, removes or adds faces to until the transaction ends. */
export async function locked(db: Queries, who: PersonKey): Promise<Pick<Person, "id" | "name">> {
  const column = typeof who === "number" ? "id" : "name";
  const { rows } = await db.query(`SELECT id, name FROM ${SCHEMA}.people WHERE ${column} = $1 FOR UPDATE`, [
    keyOf(who),
  ]);
  if (rows.length === 0) throw unknownPerson(who);
  return { id: Number(rows[0].id), name: rows[0].name };
}

/** The person of a face, locked as `locked` does. */
export async function ownerOf(db: Queries, face: number): Promise<Pick<Person, "id" | "name">> {
  const { rows } = await db.query(`SELECT person FROM ${SCHEMA}.faces WHERE id = $1`, [face]);
  if (rows.length === 0) throw unknownFace(face);
  return locked(db, Number(rows[0].person));
}

/** Ids by name of people who stay until the transaction ends; made where they are new. */
export async function personIds(
  db: Queries,
  names: readonly string[],
  sums: Checksums,
): Promise<Map<string, number>> {
  for (;;) {
    const made = await db.query(
      `INSERT INTO ${SCHEMA}.people (name) SELECT unnest($1::text[]) ON CONFLICT (name) DO NOTHING
       RETURNING id, name`,
      [names],
    );
    await sealPeople(
      db,
      made.rows.map(({ id, name }) => ({ id: Number(id), name })),
      sums,
    );
    const { rows } = await db.query(
      `SELECT id, name FROM ${SCHEMA}.people WHERE name = ANY ($1) ORDER BY name FOR SHARE`,
      [names],
    );
    if (rows.length === names.length) return new Map(rows.map(({ id, name }) => [name, Number(id)]));
  } // someone was removed between the two
}
