/** Whose the faces are that a search has found. */
import type { FoundCode } from "../../../matching/search/index.ts";
import type { Hit } from "../store.ts";
import { type ReadUntil, UNCHANGED } from "./changes.ts";
import type { Queries } from "./connection.ts";
import { MODEL_NOW } from "./model.ts";
import { SCHEMA } from "./names.ts";

/**
 * Columns of faces `f`. The name is looked up for each: of faces on other servers more are expected than there are, and a join would
 * read all people for them.
 */
const NAMED = `f.id, f.person, (SELECT p.name FROM ${SCHEMA}.people p WHERE p.id = f.person) AS name`;

/** Faces with their people, as these are now; those that were removed meanwhile are left out. */
export async function nameFound(db: Queries, found: readonly FoundCode[]): Promise<Hit[]> {
  const sql = `SELECT ${NAMED} FROM ${SCHEMA}.faces f WHERE f.id = ANY ($1)`;
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
    `SELECT ${NAMED}, now.unchanged, now.model FROM (SELECT ${UNCHANGED} AS unchanged, ${MODEL_NOW}) AS now
     LEFT JOIN ${SCHEMA}.faces f ON f.id = ANY ($4)`,
    [since.snapshot, since.time, since.started, idsOf(found)],
  );
  return rows[0].unchanged && rows[0].model === model ? hitsOf(found, rows) : undefined;
}

const idsOf = (found: readonly FoundCode[]) => found.map(({ id }) => id);

interface NamedRow {
  readonly id: string;
  readonly person: string;
  /** Null where the person was removed a moment before, and the face is about to be. */
  readonly name: string | null;
}

function hitsOf(found: readonly FoundCode[], rows: readonly NamedRow[]): Hit[] {
  const people = new Map(
    rows.flatMap(({ id, person, name }) =>
      name === null ? [] : [[Number(id), { id: Number(person), name }] as const],
    ),
  );
  return found.flatMap(({ id, distance }) => {
    const person = people.get(id);
    return person ? [{ face: id, person, distance }] : [];
  });
}
