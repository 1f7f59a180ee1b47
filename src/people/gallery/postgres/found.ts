/** Whose the faces are that a search has found. */
import type { FoundCode } from "../../../matching/search/index.ts";
import type { Hit } from "../store.ts";
import { type ReadUntil, UNCHANGED } from "./changes.ts";
import type { Queries } from "./connection.ts";
import { MODEL_NOW } from "./model.ts";
import { SCHEMA } from "./names.ts";

const NAMED = `${SCHEMA}.faces f JOIN ${SCHEMA}.people p ON p.id = f.person`;

/** Faces with their people, as these are now; those that were removed meanwhile are left out. */
export async function nameFound(db: Queries, found: readonly FoundCode[]): Promise<Hit[]> {
  const sql = `SELECT f.id, f.person, p.name FROM ${NAMED} WHERE f.id = ANY ($1)`;
  return hitsOf(found, (await db.query(sql, [idsOf(found)])).rows);
}

/** What answers by the record for what was found in memory; undefined where faces have changed `since`. */
export type AskIfUnchanged<T> = (found: readonly FoundCode[], since: ReadUntil) => Promise<T | undefined>;

/**
 * The same of what was found in memory that is as the record was at `since`, if no face has changed after that and the gallery still has
 * its `model`: one question for all, as each takes a search a tenth of its time.
 */
export async function nameIfUnchanged(
  db: Queries,
  found: readonly FoundCode[],
  { since, model }: { readonly since: ReadUntil; readonly model: string },
): Promise<Hit[] | undefined> {
  const { rows } = await db.query(
    `SELECT f.id, f.person, p.name, now.unchanged, now.model FROM (SELECT ${UNCHANGED} AS unchanged, ${MODEL_NOW}) AS now
     LEFT JOIN (${NAMED}) ON f.id = ANY ($4)`,
    [since.snapshot, since.time, since.started, idsOf(found)],
  );
  return rows[0].unchanged && rows[0].model === model ? hitsOf(found, rows) : undefined;
}

const idsOf = (found: readonly FoundCode[]) => found.map(({ id }) => id);

interface NamedRow {
  readonly id: string;
  readonly person: string;
  readonly name: string;
}

function hitsOf(found: readonly FoundCode[], rows: readonly NamedRow[]): Hit[] {
  const people = new Map(rows.map(({ id, person, name }) => [Number(id), { id: Number(person), name }]));
  return found.flatMap(({ id, distance }) => {
    const person = people.get(id);
    return person ? [{ face: id, person, distance }] : [];
  });
}
