/** Faces erased, and their person with the last of them. */
import type { Person, Removal } from "../store.ts";
import { noteChange } from "./changes.ts";
import type { Queries } from "./connection.ts";
import { SCHEMA } from "./names.ts";
import { makeReceipt } from "./receipts.ts";

/** What has to happen yet, in receipts. */
const UNCHECKED = "whether rows are left has not been checked";
export const REWRITING =
  "PostgreSQL keeps the bytes of deleted rows until VACUUM FULL rewrites their tables, and in its write-ahead log " +
  "until that is recycled";

/** What was erased, before it is checked. */
export type Erased = Removal;

export async function erase(
  db: Queries,
  person: Pick<Person, "id" | "name">,
  column: "person" | "id",
  value: number,
): Promise<Erased> {
  const { rows } = await db.query(
    `DELETE FROM ${SCHEMA}.faces WHERE ${column} = $1
     RETURNING id, vector IS NOT NULL AS vector, thumbnail IS NOT NULL AS thumbnail`,
    [value],
  );
  await noteChange(db, { removed: rows.map(({ id }) => Number(id)) });
  const personRemoved = await forgetIfFaceless(db, person.id);
  const receipt = await makeReceipt(db, receiptOf({ person: person.id, personRemoved, rows }));
  return { person: person.name, ...receipt };
}

interface ErasedRows {
  readonly person: number;
  readonly personRemoved: boolean;
  readonly rows: readonly { readonly id: string; readonly vector: boolean; readonly thumbnail: boolean }[];
}

function receiptOf({ person, personRemoved, rows }: ErasedRows) {
  const faces = rows.map(({ id }) => Number(id)).sort((a, b) => a - b);
  return {
    personId: person,
    personRemoved,
    faces,
    codes: faces.length,
    vectors: rows.filter(({ vector }) => vector).length,
    thumbnails: rows.filter(({ thumbnail }) => thumbnail).length,
    checks: [],
    pending: [UNCHECKED, REWRITING], // until it was checked
  };
}

/** Within a transaction that nobody reads faces beside: erases the faces of `ids`, with a receipt for each person. */
export async function eraseMany(db: Queries, ids: readonly number[]): Promise<void> {
  const { rows } = await db.query(
    `DELETE FROM ${SCHEMA}.faces WHERE id = ANY ($1)
     RETURNING id, person, vector IS NOT NULL AS vector, thumbnail IS NOT NULL AS thumbnail`,
    [ids],
  );
  await noteChange(db, { removed: ids });
  const { rows: gone } = await db.query(
    `DELETE FROM ${SCHEMA}.people p WHERE id = ANY ($1) AND NOT EXISTS (SELECT FROM ${SCHEMA}.faces f WHERE f.person = p.id)
     RETURNING id`,
    [rows.map(({ person }) => person)],
  );
  const removed = new Set(gone.map(({ id }) => id));
  const facesOf = new Map<string, typeof rows>();
  for (const row of rows) facesOf.set(row.person, [...(facesOf.get(row.person) ?? []), row]);
  for (const [person, own] of facesOf) {
    await makeReceipt(
      db,
      receiptOf({ person: Number(person), personRemoved: removed.has(person), rows: own }),
    );
  }
}

/** Forgets a person without a face; whether it did. */
export async function forgetIfFaceless(db: Queries, person: number): Promise<boolean> {
  const { rows } = await db.query(`SELECT id FROM ${SCHEMA}.faces WHERE person = $1 LIMIT 1`, [person]);
  if (rows.length > 0) return false;
  await db.query(`DELETE FROM ${SCHEMA}.people WHERE id = $1`, [person]);
  return true;
}
