/** People and faces as PostgreSQL keeps them. */
import { keyOf, unknownFace, unknownPerson } from "../check.ts";
import type { Person, PersonKey, StoredFace } from "../store.ts";
import type { Queries } from "./connection.ts";
import { SCHEMA } from "./names.ts";

/** A code as PostgreSQL writes bits. */
export const bitsOf = (code: Uint8Array) =>
  Array.from(code, (byte) => byte.toString(2).padStart(8, "0")).join("");
export const codeFrom = (bits: string) =>
  Uint8Array.from({ length: bits.length / 8 }, (_, i) => Number.parseInt(bits.slice(8 * i, 8 * i + 8), 2));

export async function facesWhere(
  db: Queries,
  column: "id" | "person",
  values: readonly number[],
): Promise<StoredFace[]> {
  const { rows } = await db.query(
    `SELECT id, person, code::text, vector, fields FROM ${SCHEMA}.faces WHERE ${column} = ANY ($1) ORDER BY id`,
    [values],
  );
  return rows.map(({ id, person, code, vector, fields }) => ({
    id: Number(id),
    person: Number(person),
    code: codeFrom(code),
    ...(vector && { vector }),
    fields,
  }));
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
export async function personIds(db: Queries, names: readonly string[]): Promise<Map<string, number>> {
  for (;;) {
    await db.query(
      `INSERT INTO ${SCHEMA}.people (name) SELECT unnest($1::text[]) ON CONFLICT (name) DO NOTHING`,
      [names],
    );
    const { rows } = await db.query(
      `SELECT id, name FROM ${SCHEMA}.people WHERE name = ANY ($1) ORDER BY name FOR SHARE`,
      [names],
    );
    if (rows.length === names.length) return new Map(rows.map(({ id, name }) => [name, Number(id)]));
  } // someone was removed between the two
}
