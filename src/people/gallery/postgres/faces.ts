/** Faces in PostgreSQL: kept by many, and those that are missing alone. */
import type { Checksums } from "../checksums.ts";
import { contentKey } from "../content.ts";
import type { NewFace, Sameness, StoreSettings } from "../store.ts";
import { noteChange } from "./changes.ts";
import type { Queries } from "./connection.ts";
import { SCHEMA } from "./names.ts";
import { bitsOf, codeFrom, fieldsText, personIds } from "./rows.ts";

/** Within a transaction: keeps the faces; their ids. */
export async function insertFaces(
  db: Queries,
  faces: readonly NewFace[],
  { settings: { codeBytes }, sums }: { readonly settings: StoreSettings; readonly sums: Checksums },
): Promise<number[]> {
  const people = await personIds(db, [...new Set(faces.map(({ person }) => person))].sort(), sums);
  const { rows } = await db.query(`SELECT nextval('${SCHEMA}.face_ids') AS id FROM generate_series(1, $1)`, [
    faces.length,
  ]);
  const ids = rows.map(({ id }) => Number(id));
  const checksums = faces.map(({ person, code, vector, fields = {} }, i) =>
    sums.face({ id: ids[i], person: people.get(person)!, code, vector, fields: fieldsText(fields) }),
  );
  await db.query(
    `INSERT INTO ${SCHEMA}.faces (id, person, code, vector, thumbnail, fields, checksum, thumbnail_checksum)
     SELECT id, person, code::bit(${8 * codeBytes}), vector, thumbnail, fields, checksum, thumbnail_checksum
     FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::bytea[], $6::jsonb[], $7::bytea[], $8::bytea[])
       AS face (id, person, code, vector, thumbnail, fields, checksum, thumbnail_checksum)`,
    [
      ids,
      faces.map(({ person }) => people.get(person)),
      faces.map(({ code }) => bitsOf(code)),
      faces.map(({ vector }) => vector && Buffer.from(vector)),
      faces.map(({ thumbnail }) => thumbnail && Buffer.from(thumbnail)),
      faces.map(({ fields = {} }) => JSON.stringify(fields)),
      checksums,
      faces.map(({ thumbnail }, i) => sums.thumbnail(ids[i], thumbnail)),
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
