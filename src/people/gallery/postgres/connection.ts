/** Connections to PostgreSQL, and what its refusals mean. */
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { InputError } from "../../../base/errors/index.ts";
import type { Queries } from "./queries.ts";
import { inTransaction } from "./transaction.ts";

export type { Queries } from "./queries.ts";

export interface Server extends Queries {
  /** Address for messages: without user and password. */
  readonly place: string;
  readonly address: Address;
  /** All of `work` or none of it. */
  transaction<T>(work: (db: Queries) => Promise<T>): Promise<T>;
  /** Calls `told` at each NOTIFY of `channel`, over a connection of its own that keeps no process alive. */
  listen(channel: string, told: () => void): Promise<Listening>;
  close(): Promise<void>;
}

export interface Listening {
  /** Whether its connection stands, as far as is known here. */
  readonly alive: boolean;
  close(): Promise<void>;
}

/** Where a database is, as postgres_fdw wants it. */
export interface Address {
  readonly host: string;
  readonly port: string;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

/** Most connections of one process. */
const CONNECTIONS = 8;
/** For a connection, for one query, and for the pool to end. */
export const POSTGRES_LIMITS = { connectMs: 5_000, queryMs: 14_000, closeMs: 2_000 } as const;

/** The server at `url`: postgres://user:password@host:port/database. `queryMs`: 0 where a query may take any time. */
export function connectTo(url: string, { queryMs = POSTGRES_LIMITS.queryMs as number } = {}): Server {
  const address = parseUrl(url);
  const place = `postgres://${address.host}:${address.port}/${address.database}`;
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: POSTGRES_LIMITS.connectMs,
    query_timeout: queryMs, // of this side: a server that is stopped notices nothing
    statement_timeout: queryMs, // of its side: it does not go on with what nobody waits for
    idle_in_transaction_session_timeout: queryMs && 2 * queryMs,
    keepAlive: true,
    allowExitOnIdle: true,
  });
  pool.on("error", () => {}); // a connection lost while idle: the next query says so
  pool.on("connect", (client) => void client.on("error", () => {})); // and one lost between two queries of a transaction
  const connect = () =>
    pool.connect().catch((error) => {
      throw refusal(place, error);
    });
  const ask = async (client: pg.Pool | pg.PoolClient, sql: string, values: readonly unknown[] = []) => {
    try {
      return await client.query(sql, [...values]); // not prepared: a pooler in transaction mode may not know such a statement
    } catch (error) {
      throw refusal(place, error);
    }
  };
  const connections = { place, connect, ask, isLost };
  return {
    place,
    address,
    query: (sql, values) => ask(pool, sql, values),
    transaction: (work) => inTransaction(connections, work),
    async listen(channel, told) {
      const client = new pg.Client({
        connectionString: url,
        connectionTimeoutMillis: POSTGRES_LIMITS.connectMs,
        query_timeout: queryMs,
        keepAlive: true,
      });
      let alive = true;
      const lost = () => {
        alive = false;
      };
      client.on("error", lost).on("end", lost).on("notification", told);
      try {
        await client.connect();
        await client.query(`LISTEN ${channel}`);
      } catch (error) {
        void client.end().catch(() => {});
        throw refusal(place, error);
      }
      (client as pg.Client & { unref(): void }).unref(); // missing in its types
      return {
        get alive() {
          return alive;
        },
        close: () => Promise.race([client.end(), goodbye()]),
      };
    },
    close: () => Promise.race([pool.end(), goodbye()]),
  };
}

/** A server that is stopped does not answer even that. */
const goodbye = () => sleep(POSTGRES_LIMITS.closeMs, undefined, { ref: false });

function parseUrl(url: string): Address {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new InputError("a PostgreSQL gallery is postgres://user:password@host:port/database");
  }
  const { hostname, port, pathname, username, password } = parsed;
  return {
    host: hostname || "localhost",
    port: port || "5432",
    database: decodeURIComponent(pathname.slice(1)) || "postgres",
    user: decodeURIComponent(username) || "postgres",
    password: decodeURIComponent(password),
  };
}

/** `work`, which may wait for others that ask the same, but for no longer than one query may take. */
export async function inTime<T>(place: string, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = sleep(POSTGRES_LIMITS.queryMs, undefined, { signal: over.signal, ref: false });
  try {
    return await Promise.race([
      work,
      late.then(() => {
        throw new InputError(`${place}: the server does not answer: it had ${POSTGRES_LIMITS.queryMs} ms`);
      }),
    ]);
  } finally {
    over.abort();
    late.catch(() => {});
  }
}

/** By class of SQLSTATE, the first two characters, or the whole of it. */
const REFUSALS: Readonly<Record<string, string>> = {
  "08": "a server of the gallery does not answer",
  HV: "a server of the gallery does not answer as it should",
  "57014": "it took too long",
  "57": "a server of the gallery is being stopped",
  "28": "the user or the password is refused",
  "3D": "there is no such database",
  "42501": "the user may not do that",
  "42P01": "its tables are not all there",
  "53": "a server has no room left",
  "58": "a server cannot read or write its files",
  XX: "a server has found its own files damaged or is at fault",
  "40": "others changed the same people; try again",
};

/** SQLSTATEs of a server that ends or has no connection: failed ones, and those that it ended itself. */
const ENDED = /^(?:08...|57P0[1-5])$/;

/** Whether the connection is of no more use. */
const isLost = (error: unknown): boolean =>
  error instanceof Error &&
  (/^E[A-Z]+$/.test(codeOf(error)) ||
    ENDED.test(codeOf(error)) ||
    /terminated|timeout|closed/i.test(error.message) ||
    isLost(error.cause));

const codeOf = (error: Error): string => (error as { code?: string }).code ?? "";

/** What `error` of the driver means to the caller. */
function refusal(place: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = codeOf(error);
  const reason = REFUSALS[code] ?? REFUSALS[code.slice(0, 2)];
  if (reason) return new InputError(`${place}: ${reason}: ${error.message}`, { cause: error });
  if (isLost(error))
    return new InputError(`${place}: the server does not answer: ${error.message}`, { cause: error });
  return error;
}
