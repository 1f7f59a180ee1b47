/** Transactions, and what became of one whose COMMIT nobody answered. */
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { InputError } from "../../../base/errors/index.ts";
import type { Queries } from "./queries.ts";

/** What a transaction is run by. */
export interface Connections {
  readonly place: string;
  connect(): Promise<pg.PoolClient>;
  ask(client: pg.PoolClient, sql: string, values?: readonly unknown[]): ReturnType<Queries["query"]>;
  /** Whether after `error` the connection is of no more use. */
  isLost(error: unknown): boolean;
}

/** How long a server is asked what became of a transaction. */
const ASKED_MS = 10_000;

/** Runs `work` in a transaction: all of it or nothing. */
export async function inTransaction<T>(
  connections: Connections,
  work: (db: Queries) => Promise<T>,
): Promise<T> {
  const { ask, isLost } = connections;
  const client = await connections.connect();
  let failure: Error | undefined;
  try {
    await ask(client, "BEGIN");
    const result = await work({ query: (sql, values) => ask(client, sql, values) });
    const began = await readWriting(connections, client);
    try {
      await ask(client, "COMMIT");
    } catch (error) {
      if (!began || !isLost(error)) throw error;
      failure = error as Error; // the connection is thrown away
      if (!(await wasCommitted(connections, began))) throw error;
    }
    return result;
  } catch (error) {
    if (isLost(error)) failure = error as Error;
    else if (!failure) {
      await client.query("ROLLBACK").catch((lost) => {
        failure = lost;
      });
    }
    throw error;
  } finally {
    client.release(failure);
  }
}

/** A transaction that writes, and the life of its server. */
interface Writing {
  readonly xid: string;
  readonly life: string;
}

/**
 * From one crash or start of a server to the next. A crash resets its counters; after one, the number of a transaction
 * that was lost may be given to another.
 */
const LIFE = "pg_postmaster_start_time()::text || ' ' || (SELECT stats_reset FROM pg_stat_bgwriter)::text";

/** By connection, which does not outlive it. */
const lives = new WeakMap<pg.PoolClient, string>();

/** The transaction of `client` as it is before its COMMIT; undefined where it has written nothing. */
async function readWriting({ ask }: Connections, client: pg.PoolClient): Promise<Writing | undefined> {
  const { rows } = await ask(client, "SELECT pg_current_xact_id_if_assigned()::text AS xid");
  const { xid } = rows[0];
  if (xid === null) return undefined;
  if (!lives.has(client)) lives.set(client, (await ask(client, `SELECT ${LIFE} AS life`)).rows[0].life);
  return { xid, life: lives.get(client)! };
}

/** Whether it was committed, by a connection of its own; an error that says so where nobody knows. */
async function wasCommitted(connections: Connections, { xid, life }: Writing): Promise<boolean> {
  const until = performance.now() + ASKED_MS;
  let reason = "";
  for (let wait = 20; performance.now() < until; wait = Math.min(2 * wait, 1000)) {
    try {
      const now = await readStatus(connections, xid);
      if (now.life !== life) {
        reason = "it was started anew meanwhile";
        break;
      }
      if (now.status !== "in progress") return now.status === "committed";
      reason = "it has not ended yet";
    } catch (error) {
      reason = (error as Error).message;
    }
    await sleep(wait);
  }
  throw new InputError(
    `${connections.place}: the connection was lost while a change was stored, and the server does not say whether it ` +
      `was (${reason}): look before it is done again`,
  );
}

async function readStatus(
  { connect, ask }: Connections,
  xid: string,
): Promise<{ status: string; life: string }> {
  const client = await connect();
  try {
    const sql = `SELECT pg_xact_status($1::xid8) AS status, ${LIFE} AS life`;
    const { rows } = await ask(client, sql, [xid]);
    client.release();
    return rows[0];
  } catch (error) {
    client.release(error as Error);
    throw error;
  }
}
