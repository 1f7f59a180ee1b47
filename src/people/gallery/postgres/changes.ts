/**
 * The log of changes: which faces every transaction has added and removed, written in that transaction, so that whoever
 * holds codes in memory can follow.
 *
 * The numbers of its rows come from a sequence, and a sequence is no order of commits: number 7 may be seen before
 * number 6 is. A reader therefore does not remember a number but the snapshot in which it has read, and asks for the
 * rows that were not visible in that one: each row is read exactly once, in whatever order transactions commit, and
 * nobody waits for anybody.
 *
 * What that guarantees: a change whose commit was acknowledged before a call of `readChanges` began is in what that
 * call, or an earlier one of the same reader, has returned. It holds for all who ask one primary server.
 */
import type { Queries } from "./connection.ts";
import { MODEL_NOW } from "./model.ts";
import { SCHEMA } from "./names.ts";

/** Whoever listens here is told, without content, that something has changed. */
export const CHANNEL = "deepid_gallery";

export const CHANGES_TABLE = `
  CREATE TABLE ${SCHEMA}.changes (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    added bigint[] NOT NULL,
    removed bigint[] NOT NULL
  );
  CREATE INDEX changes_xid ON ${SCHEMA}.changes (xid);
  INSERT INTO ${SCHEMA}.settings VALUES ('changesKept',
    json_build_object('snapshot', pg_current_snapshot()::text, 'time', clock_timestamp()));`;

/** Faces by id; one that was given to another person counts as added. */
export interface Changed {
  readonly added?: readonly number[];
  readonly removed?: readonly number[];
}

/** Rows between two looks at whether old ones can go. */
const PRUNED_EVERY = 256;

/** Within the transaction that changes faces: writes down which; readers are told when it commits. */
export async function noteChange(db: Queries, { added = [], removed = [] }: Changed): Promise<void> {
  const { rows } = await db.query(
    `WITH noted AS (INSERT INTO ${SCHEMA}.changes (added, removed) VALUES ($1, $2) RETURNING number)
     SELECT number, pg_notify('${CHANNEL}', '') FROM noted`,
    [added, removed],
  );
  if (Number(rows[0].number) % PRUNED_EVERY === 0) await prune(db);
}

/**
 * Forgets what was visible already in a snapshot of an hour ago, and keeps the snapshot of now for the next time. A
 * reader that has not read since then learns that it is behind, see `readChanges`.
 */
export async function prune(db: Queries, age = "1 hour"): Promise<void> {
  const { rows } = await db.query(
    `SELECT value::json ->> 'snapshot' AS snapshot, value::json ->> 'time' AS time FROM ${SCHEMA}.settings
     WHERE name = 'changesKept' AND (value::json ->> 'time')::timestamptz < clock_timestamp() - $1::interval
     FOR UPDATE SKIP LOCKED`,
    [age],
  );
  if (rows.length === 0) return; // it is too early, or somebody else does it
  const [{ snapshot, time }] = rows;
  await db.query(`DELETE FROM ${SCHEMA}.changes WHERE pg_visible_in_snapshot(xid, $1::pg_snapshot)`, [
    snapshot,
  ]);
  await db.query(
    `UPDATE ${SCHEMA}.settings SET value = json_build_object(
       'snapshot', pg_current_snapshot()::text, 'time', clock_timestamp(), 'forgotten', $1::text)
     WHERE name = 'changesKept'`,
    [time],
  );
}

/** Until where a reader has read. */
export interface ReadUntil {
  /** What was visible then. */
  readonly snapshot: string;
  /** The server's clock, not after the snapshot was taken. */
  readonly time: string;
  /** When the server was started. */
  readonly started: string;
}

export interface ReadChanges {
  readonly added: readonly number[];
  readonly removed: readonly number[];
  readonly until: ReadUntil;
  /**
   * Whether more may have changed than is said here: the reader was away for so long that rows were forgotten, or the
   * server was started anew, perhaps with what a backup held.
   */
  readonly behind: boolean;
  /** The gallery's model, as of these changes. */
  readonly model: string;
}

/** Where reading begins for whoever reads all faces next. */
export async function beginReading(db: Queries): Promise<ReadUntil> {
  // Of a database that was restored from a dump: numbers of transactions that are yet to come here.
  await db.query(`DELETE FROM ${SCHEMA}.changes WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())`);
  const { rows } = await db.query(
    `SELECT pg_current_snapshot()::text AS snapshot, statement_timestamp()::text AS time,
            pg_postmaster_start_time()::text AS started`,
  );
  return rows[0];
}

/** SQL: whether nothing has changed since a snapshot ($1), a time ($2) and a start of the server ($3), as in `ReadUntil`. */
export const UNCHANGED = `pg_postmaster_start_time()::text = $3
  AND NOT EXISTS (SELECT FROM ${SCHEMA}.settings WHERE name = 'changesKept'
                  AND (value::json ->> 'forgotten')::timestamptz >= $2::timestamptz)
  AND NOT EXISTS (SELECT FROM ${SCHEMA}.changes
                  WHERE xid >= pg_snapshot_xmin($1::pg_snapshot) AND NOT pg_visible_in_snapshot(xid, $1::pg_snapshot))`;

/** What has changed since `since`. A face that was added and removed is in both lists. */
export async function readChanges(db: Queries, since: ReadUntil): Promise<ReadChanges> {
  const { rows } = await db.query(
    `SELECT pg_current_snapshot()::text AS snapshot, statement_timestamp()::text AS time,
            pg_postmaster_start_time()::text AS started, c.added, c.removed,
            coalesce((k.value::json ->> 'forgotten')::timestamptz >= $2::timestamptz, false) AS behind, ${MODEL_NOW}
     FROM ${SCHEMA}.settings k LEFT JOIN ${SCHEMA}.changes c
       ON c.xid >= pg_snapshot_xmin($1::pg_snapshot) AND NOT pg_visible_in_snapshot(c.xid, $1::pg_snapshot)
     WHERE k.name = 'changesKept'`,
    [since.snapshot, since.time],
  );
  const [{ snapshot, time, started, behind, model }] = rows;
  const idsOf = (column: "added" | "removed") => rows.flatMap((row) => (row[column] ?? []).map(Number));
  return {
    added: idsOf("added"),
    removed: idsOf("removed"),
    until: { snapshot, time, started },
    behind: behind || started !== since.started,
    model,
  };
}
