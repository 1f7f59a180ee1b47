/** Whose the faces are that a search has found. */
import type { FoundCode, OwnedCode } from "../../../matching/search/index.ts";
import type { Hit } from "../store.ts";
import { type ReadUntil, UNCHANGED } from "./changes.ts";
import type { Queries } from "./connection.ts";
import { MODEL_NOW } from "./model.ts";
import { SCHEMA } from "./names.ts";

/**
 * Faces with their people, as these are now; those that were removed meanwhile are left out. The name is looked up for each: of faces
 * on other servers more are expected than there are, and a join would read all people for them.
 */
export async function nameFound(db: Queries, found: readonly FoundCode[]): Promise<Hit[]> {
  const { rows } = await db.query(
    `SELECT f.id, f.person, (SELECT p.name FROM ${SCHEMA}.people p WHERE p.id = f.person) AS name
     FROM ${SCHEMA}.faces f WHERE f.id = ANY ($1)`,
    [found.map(({ id }) => id)],
  );
  // Without a name where the person was removed a moment before, and the face is about to be.
  const named = (rows as FaceRow[]).filter(({ name }) => name !== null);
  const people = new Map(
    named.map(({ id, person, name }) => [Number(id), { id: Number(person), name: name! }]),
  );
  return found.flatMap(({ id, distance }) => {
    const person = people.get(id);
    return person ? [{ face: id, person, distance }] : [];
  });
}

/**
 * The same of what was found in memory, which knows whose each face is: the servers of the faces are not asked, unless a person is
 * there no more.
 */
export async function nameHeld(db: Queries, found: readonly OwnedCode[]): Promise<Hit[]> {
  const sql = `SELECT id, name FROM ${SCHEMA}.people WHERE id = ANY ($1)`;
  return hitsOf(found, (await db.query(sql, [ownersOf(found)])).rows) ?? nameFound(db, found);
}

/** What answers by the record for what was found in memory; undefined where that is not as the record was at `since`, or nobody knows. */
export type AskIfUnchanged<T> = (found: readonly OwnedCode[], since: ReadUntil) => Promise<T | undefined>;

/**
 * The same of what was found in memory that is as the record was at `since`, if no face has changed after that and the gallery still has
 * its `model`: one question for all, as each takes a search a tenth of its time.
 */
export async function nameIfUnchanged(
  db: Queries,
  found: readonly OwnedCode[],
  { since, model }: { readonly since: ReadUntil; readonly model: string },
): Promise<Hit[] | undefined> {
  const { rows } = await db.query(
    `SELECT p.id, p.name, now.unchanged, now.model FROM (SELECT ${UNCHANGED} AS unchanged, ${MODEL_NOW}) AS now
     LEFT JOIN ${SCHEMA}.people p ON p.id = ANY ($4)`,
    [since.snapshot, since.time, since.started, ownersOf(found)],
  );
  return rows[0].unchanged && rows[0].model === model ? hitsOf(found, rows) : undefined;
}

const ownersOf = (found: readonly OwnedCode[]) => found.map(({ owner }) => owner);

interface FaceRow {
  readonly id: string;
  readonly person: string;
  readonly name: string | null;
}

/** Undefined where one of the people is not among `rows`. */
function hitsOf(
  found: readonly OwnedCode[],
  rows: readonly { readonly id: string; readonly name: string }[],
): Hit[] | undefined {
  const names = new Map(rows.map(({ id, name }) => [Number(id), name]));
  if (!found.every(({ owner }) => names.has(owner))) return undefined;
  return found.map(({ id, distance, owner }) => ({
    face: id,
    person: { id: owner, name: names.get(owner)! },
    distance,
  }));
}
