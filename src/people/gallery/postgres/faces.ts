/** Faces in PostgreSQL: kept by many, those that are missing alone, and all of them in turn. */
import { contentKey } from "../content.ts";
import type { Damage, NewFace, SalvagedFace, Sameness, StoreSettings } from "../store.ts";
import { noteChange } from "./changes.ts";
import type { Queries } from "./connection.ts";
import { SCHEMA } from "./names.ts";
import { bitsOf, codeFrom, personIds } from "./rows.ts";

/** Within a transaction: keeps the faces; their ids. */
export async function insertFaces(
  db: Queries,
  faces: readonly NewFace[],
  { codeBytes }: StoreSettings,
): Promise<number[]> {
  const people = await personIds(db, [...new Set(faces.map(({ person }) => person))].sort());
  const { rows } = await db.query(`SELECT nextval('${SCHEMA}.face_ids') AS id FROM generate_series(1, $1)`, [
    faces.length,
  ]);
  const ids = rows.map(({ id }) => Number(id));
  await db.query(
    `INSERT INTO ${SCHEMA}.faces (id, person, code, vector, thumbnail, fields)
     SELECT id, person, code::bit(${8 * codeBytes}), vector, thumbnail, fields
     FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::bytea[], $6::jsonb[])
       AS face (id, person, code, vector, thumbnail, fields)`,
    [
      ids,
      faces.map(({ person }) => people.get(person)),
      faces.map(({ code }) => bitsOf(code)),
      faces.map(({ vector }) => vector && Buffer.from(vector)),
      faces.map(({ thumbnail }) => thumbnail && Buffer.from(thumbnail)),
      faces.map(({ fields = {} }) => JSON.stringify(fields)),
    ],
  );
  await noteChange(db, { added: ids });
  return ids;
}

/**
 * The faces that have one of the texts $2 (as JSON) in the field $1. In this form shards are asked for them alone, as a
 * comparison of texts would depend on how each sorts them, and the index of pictures is used.
 */
export const HAVE_VALUE = `${SCHEMA}.faces WHERE fields[$1::text] = ANY ($2::jsonb[])`;

/** Those of `values` that some face has in its field `field`. */
export async function valuesThere(db: Queries, field: string, values: readonly string[]): Promise<string[]> {
  const { rows } = await db.query(`SELECT DISTINCT fields ->> $1::text AS value FROM ${HAVE_VALUE}`, [
    field,
    values.map((value) => JSON.stringify(value)),
  ]);
  return rows.map(({ value }) => value);
}

/** Within a transaction: those of `faces` that are not there. */
export async function missingOf(
  db: Queries,
  faces: readonly NewFace[],
  sameness: Sameness,
): Promise<NewFace[]> {
  if ("field" in sameness) {
    const { field } = sameness;
    const values = faces.map(({ fields }) => fields?.[field]).filter((value) => typeof value === "string");
    const there = new Set(await valuesThere(db, field, values));
    return faces.filter(({ fields }) => {
      const value = fields?.[field];
      if (typeof value !== "string") return true;
      const isMissing = !there.has(value);
      there.add(value);
      return isMissing;
    });
  }
  const { rows } = await db.query(
    `SELECT code::text, vector, fields FROM ${SCHEMA}.faces WHERE code::text = ANY ($1::text[])`,
    [faces.map(({ code }) => bitsOf(code))],
  );
  const alike = new Map<string, number>();
  const countOf = (key: string) => alike.get(key) ?? 0;
  for (const { code, vector, fields } of rows) {
    const key = contentKey({ code: codeFrom(code), fields, ...(vector && { vector }) });
    alike.set(key, countOf(key) + 1);
  }
  return faces.filter((face, i) => {
    const key = contentKey(face);
    if (countOf(key) >= sameness.nth[i]) return false;
    alike.set(key, countOf(key) + 1);
    return true;
  });
}

/** Faces read at a time. */
const BLOCK = 500;

/** Every face by id, with its thumbnail and its person's name. */
export async function* allFaces(
  db: Queries,
  onDamage: (damage: Damage) => void,
): AsyncGenerator<SalvagedFace> {
  for (let after = 0; ; ) {
    const { rows } = await db.query(
      `SELECT f.id, f.person, p.name, f.code::text, f.vector, f.thumbnail, f.fields
       FROM ${SCHEMA}.faces f LEFT JOIN ${SCHEMA}.people p ON p.id = f.person
       WHERE f.id > $1 ORDER BY f.id LIMIT ${BLOCK}`,
      [after],
    );
    if (rows.length === 0) return;
    for (const { id, person, name, code, vector, thumbnail, fields } of rows) {
      after = Number(id);
      if (name === null)
        onDamage({ face: after, person: Number(person), reason: "its person's name is lost" });
      yield {
        id: after,
        person: Number(person),
        name: name ?? `person ${person}`,
        code: codeFrom(code),
        fields,
        ...(vector && { vector }),
        ...(thumbnail && { thumbnail }),
      };
    }
  }
}
