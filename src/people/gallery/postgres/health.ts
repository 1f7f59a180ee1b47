/** What is slow in a gallery on PostgreSQL servers, and why, as far as the servers say it. */
import { InputError } from "../../../base/errors/index.ts";
import { type ReadUntil, readChanges } from "./changes.ts";
import type { Queries } from "./connection.ts";
import { partitionName, SCHEMA } from "./names.ts";
import { nearestSql } from "./nearestSql.ts";

export interface Health {
  /** One question and its answer, the median of several. */
  readonly roundTripMs: number;
  /** What a search in memory asks first: what has changed. */
  readonly changesMs: number;
  /** Searching a partition where it lies; undefined where it does not answer. */
  readonly searchMs: Readonly<Record<string, number | undefined>>;
  /** Sentences: what is slow, or will be, and why. */
  readonly findings: readonly string[];
}

/** Where something begins to be worth saying. */
const LIMITS = {
  roundTripMs: 3,
  changesMs: 20,
  /** How many times slower a partition may be than the median one. */
  partitionFactor: 3,
  deadShare: 0.2,
  deadRows: 10_000,
  transactionSeconds: 60,
  logRows: 100_000,
  connectionShare: 0.8,
} as const;
const ROUNDS = 7;

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];
const round = (ms: number) => (ms < 10 ? ms.toFixed(1) : ms.toFixed(0));

/** Measures the gallery of `partitions` partitions behind `db`; a partition that does not answer is a finding. */
export async function healthOf(
  db: Queries,
  { partitions, bits }: { readonly partitions: number; readonly bits: number },
  now: () => number,
): Promise<Health> {
  const timed = async (work: () => Promise<unknown>) => {
    const start = now();
    await work();
    return now() - start;
  };
  const { rows } = await db.query(
    "SELECT pg_current_snapshot()::text AS snapshot, now()::text AS time, pg_postmaster_start_time()::text AS started",
  );
  const trips: number[] = [];
  const readings: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    trips.push(await timed(() => db.query("SELECT 1")));
    readings.push(await timed(() => readChanges(db, rows[0] as ReadUntil)));
  }
  const findings: string[] = [];
  const searchMs: Record<string, number | undefined> = {};
  for (let number = 0; number < partitions; number++) {
    const sql = nearestSql({ k: 1, bits, partitions: [number] });
    try {
      searchMs[partitionName(number)] = await timed(() => db.query(sql, ["0".repeat(bits)]));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      searchMs[partitionName(number)] = undefined;
      findings.push(`${partitionName(number)} cannot be searched: ${error.message}`);
    }
  }
  const [roundTripMs, changesMs] = [trips, readings].map(median);
  findings.push(...slowOf({ roundTripMs, changesMs, searchMs }), ...(await whyOf(db)));
  return { roundTripMs, changesMs, searchMs, findings };
}

function slowOf({ roundTripMs, changesMs, searchMs }: Omit<Health, "findings">): string[] {
  const findings: string[] = [];
  if (roundTripMs > LIMITS.roundTripMs) {
    findings.push(
      `a question takes ${round(roundTripMs)} ms: the server is far from here, or busy; a search in memory asks two or three`,
    );
  }
  if (changesMs > roundTripMs + LIMITS.changesMs) {
    findings.push(
      `asking what has changed takes ${round(changesMs)} ms: a long transaction makes every reader look at old rows of the log`,
    );
  }
  const times = Object.values(searchMs).filter((ms) => ms !== undefined);
  for (const [name, ms] of Object.entries(searchMs)) {
    if (ms === undefined || ms < LIMITS.partitionFactor * median(times) + LIMITS.changesMs) continue;
    findings.push(
      `${name} takes ${round(ms)} ms to search, ${round(ms / median(times))} times the median partition`,
    );
  }
  return findings;
}

/** What the coordinator's own statistics say. */
async function whyOf(db: Queries): Promise<string[]> {
  const findings: string[] = [];
  const { rows: tables } = await db.query(
    `SELECT relname AS name, n_live_tup::float AS live, n_dead_tup::float AS dead, pg_table_size(relid)::float AS bytes,
            (SELECT setting::float * 8192 FROM pg_settings WHERE name = 'shared_buffers') AS buffers
     FROM pg_stat_user_tables WHERE schemaname = $1`,
    [SCHEMA],
  );
  for (const { name, live, dead, bytes, buffers } of tables) {
    if (dead > LIMITS.deadRows && dead > LIMITS.deadShare * live) {
      findings.push(`${name} holds ${dead} rows that are deleted beside ${live}: VACUUM does not keep up`);
    }
    if (name.startsWith("faces_") && bytes > buffers) {
      findings.push(
        `${name} has ${round(bytes / 1e6)} MB, and shared_buffers are ${round(buffers / 1e6)} MB: searching it in SQL reads ` +
          "what the system's cache has lost from the disk; hold its codes in memory, or raise them",
      );
    }
  }
  const { rows: old } = await db.query(
    `SELECT tablename AS name FROM pg_tables t WHERE schemaname = $1 AND tablename ~ '^faces_' AND NOT EXISTS
       (SELECT 1 FROM pg_indexes i WHERE i.tablename = t.tablename AND schemaname = $1 AND indexdef LIKE '%picture%')`,
    [SCHEMA],
  );
  for (const { name } of old) {
    findings.push(
      `${name} was made by an older version, without an index of pictures: an import looks through all its faces. ` +
        `CREATE INDEX CONCURRENTLY ON ${SCHEMA}.${name} USING hash ((fields['picture']))`,
    );
  }
  const { rows } = await db.query(
    `SELECT (SELECT count(*)::float FROM ${SCHEMA}.changes) AS log,
            (SELECT extract(epoch FROM max(clock_timestamp() - xact_start))::float FROM pg_stat_activity
             WHERE state <> 'idle' AND pid <> pg_backend_pid() AND xact_start IS NOT NULL) AS oldest,
            (SELECT count(*)::float FROM pg_locks WHERE NOT granted) AS waiting,
            (SELECT count(*)::float FROM pg_stat_activity) AS connections,
            current_setting('max_connections')::float AS most`,
  );
  const [{ log, oldest, waiting, connections, most }] = rows;
  if (log > LIMITS.logRows)
    findings.push(`the log of changes has ${log} rows: it is shortened only after an hour`);
  if (oldest > LIMITS.transactionSeconds) {
    findings.push(`a transaction is open for ${round(oldest)} s: until it ends, nothing newer is tidied up`);
  }
  if (waiting > 0) findings.push(`${waiting} sessions wait for a lock`);
  if (connections > LIMITS.connectionShare * most) {
    findings.push(`${connections} of ${most} connections are taken: a process of this program takes up to 9`);
  }
  return findings;
}
