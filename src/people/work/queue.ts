/** The queue: jobs of some pictures or faces each, kept by pg-boss in a schema of the gallery's database. */
import PgBoss from "pg-boss";
import { connectTo, type Queries, type Server } from "../gallery/index.ts";
import type { Job, Outcome } from "./jobs.ts";

/** A job that this worker has taken: nobody else gets it before its time is over. */
export interface TakenJob {
  readonly id: string;
  readonly job: Job;
  /** How often it was tried before. */
  readonly tries: number;
  /** Seconds that it may take. */
  readonly expireSeconds: number;
}

export interface AddOptions {
  /** A worker that has not finished a job by then is taken for dead, and the job is given to another. */
  readonly expireSeconds?: number;
  /** Jobs of higher priority are taken first (default 0). */
  readonly priority?: number;
}

export interface WorkQueue {
  add(jobs: readonly Job[], options?: AddOptions): Promise<void>;
  /** The next job; undefined where none waits. */
  take(): Promise<TakenJob | undefined>;
  done(id: string, outcome: Outcome): Promise<void>;
  /** It is tried again later, RETRIES times at most. */
  failed(id: string, reason: string): Promise<void>;
  status(): Promise<WorkStatus>;
  close(): Promise<void>;
}

/** A picture or a job that came to nothing. */
export interface Failure {
  /** Pictures, as their source names them. */
  readonly pictures: readonly string[];
  readonly reason: string;
}

export interface WorkStatus {
  /** Jobs, of some pictures each, by what is with them; those that failed are not tried again. */
  readonly jobs: {
    readonly waiting: number;
    readonly active: number;
    readonly done: number;
    readonly failed: number;
  };
  readonly pictures: {
    readonly waiting: number;
    readonly added: number;
    readonly known: number;
    /** Of faces that are there, for the gallery's next model. */
    readonly extracted: number;
    readonly passedOver: number;
    readonly failed: number;
  };
  /** Pictures a second that all workers together have finished in the last minute. */
  readonly picturesPerSecond: number;
  /** The first of what came to nothing, and why. */
  readonly failures: readonly Failure[];
}

/** Everything of the queue is in this schema. */
const SCHEMA = "deepid_work";
const QUEUE = "import";
/** Tries after the first. */
export const RETRIES = 5;
const DEFAULTS = { expireSeconds: 300 } as const;
/** Between two looks for jobs whose worker is gone, and for old ones that can be forgotten. */
const MAINTENANCE_SECONDS = 5;
/** Failures that are listed. */
const LISTED = 1_000;
const JOBS_AT_ONCE = 500;

/** Opens the queue in the database at `url`; made if it is not there. */
export async function openWorkQueue(url: string): Promise<WorkQueue> {
  const server = connectTo(url);
  const boss = new PgBoss({
    db: {
      async executeSql(sql, values) {
        const answers: unknown = await server.query(sql, values ?? []);
        return (Array.isArray(answers) ? answers[answers.length - 1] : answers) as { rows: unknown[] }; // several statements
      },
    },
    schema: SCHEMA,
    schedule: false,
    maintenanceIntervalSeconds: MAINTENANCE_SECONDS,
    archiveCompletedAfterSeconds: 7 * 86_400,
    deleteAfterDays: 30,
  });
  boss.on("error", () => {}); // upkeep that failed: what is asked of the queue says so itself
  try {
    await boss.start();
    await boss.createQueue(QUEUE);
  } catch (error) {
    await server.close();
    throw error;
  }
  return queueOver(boss, server);
}

const queueOver = (boss: PgBoss, server: Server): WorkQueue => ({
  async add(jobs, { expireSeconds = DEFAULTS.expireSeconds, priority = 0 } = {}) {
    for (let from = 0; from < jobs.length; from += JOBS_AT_ONCE) {
      await boss.insert(
        jobs.slice(from, from + JOBS_AT_ONCE).map((data) => ({
          name: QUEUE,
          data,
          expireInSeconds: expireSeconds,
          priority,
          retryLimit: RETRIES,
          retryDelay: 1,
          retryBackoff: true,
        })),
      );
    }
  },
  async take() {
    const [taken] = await boss.fetch<Job>(QUEUE, { includeMetadata: true });
    if (taken) {
      const { id, data: job, retryCount: tries, expireIn } = taken;
      const { hours = 0, minutes = 0, seconds = 0 } = expireIn;
      return { id, job, tries, expireSeconds: 3600 * hours + 60 * minutes + seconds };
    }
    await server.query("SELECT 1"); // the library takes a server that does not answer for an empty queue
    return undefined;
  },
  done: (id, outcome) => boss.complete(QUEUE, id, outcome),
  failed: (id, reason) => boss.fail(QUEUE, id, { message: reason }),
  status: () => readStatus(server),
  async close() {
    await boss.stop({ graceful: false, wait: false });
    await server.close();
  },
});

/** How far the work in the database at `url` is; nothing is made there. */
export async function workStatus(url: string): Promise<WorkStatus> {
  const server = connectTo(url);
  try {
    return await readStatus(server);
  } finally {
    await server.close();
  }
}

const NOTHING: WorkStatus = {
  jobs: { waiting: 0, active: 0, done: 0, failed: 0 },
  pictures: { waiting: 0, added: 0, known: 0, extracted: 0, passedOver: 0, failed: 0 },
  picturesPerSecond: 0,
  failures: [],
};

async function readStatus(db: Queries): Promise<WorkStatus> {
  const { rows: there } = await db.query("SELECT to_regclass($1) IS NOT NULL AS there", [`${SCHEMA}.job`]);
  if (!there[0].there) return NOTHING;
  const of = "coalesce(jsonb_array_length(data -> 'pictures'), (data ->> 'faces')::int, 0)";
  const outcome = (name: string) =>
    `coalesce(sum((output ->> '${name}')::int) FILTER (WHERE state = 'completed'), 0)`;
  const { rows } = await db.query(
    `SELECT count(*) FILTER (WHERE state < 'active') AS waiting, count(*) FILTER (WHERE state = 'active') AS active,
            count(*) FILTER (WHERE state = 'completed') AS done, count(*) FILTER (WHERE state = 'failed') AS failed,
            coalesce(sum(${of}) FILTER (WHERE state <= 'active'), 0) AS pictures_waiting,
            coalesce(sum(${of}) FILTER (WHERE state = 'failed'), 0) AS pictures_failed,
            ${outcome("added")} AS added, ${outcome("known")} AS known, ${outcome("extracted")} AS extracted,
            coalesce(sum(jsonb_array_length(output -> 'passedOver')) FILTER (WHERE state = 'completed'), 0) AS passed_over,
            coalesce(sum(${of}) FILTER (WHERE state = 'completed' AND completed_on > now() - interval '1 minute'), 0)
              / 60.0 AS rate
     FROM ${SCHEMA}.job WHERE name = $1`,
    [QUEUE],
  );
  const [found] = rows;
  return {
    jobs: {
      waiting: Number(found.waiting),
      active: Number(found.active),
      done: Number(found.done),
      failed: Number(found.failed),
    },
    pictures: {
      waiting: Number(found.pictures_waiting),
      added: Number(found.added),
      known: Number(found.known),
      extracted: Number(found.extracted),
      passedOver: Number(found.passed_over),
      failed: Number(found.pictures_failed),
    },
    picturesPerSecond: Number(found.rate),
    failures: await readFailures(db),
  };
}

async function readFailures(db: Queries): Promise<Failure[]> {
  const { rows } = await db.query(
    `SELECT coalesce(data -> 'pictures', jsonb_build_array(concat_ws(' ', data ->> 'kind', data ->> 'name', data ->> 'photos', data ->> 'from')))
              AS pictures, coalesce(output ->> 'message', output -> 'value' ->> 'message') AS reason
     FROM ${SCHEMA}.job WHERE name = $1 AND state = 'failed'
     UNION ALL
     SELECT jsonb_build_array(one -> 'file'), one ->> 'reason'
     FROM ${SCHEMA}.job, jsonb_array_elements(output -> 'passedOver') AS one
     WHERE name = $1 AND state = 'completed' LIMIT ${LISTED}`,
    [QUEUE],
  );
  return rows.map(({ pictures, reason }) => ({ pictures, reason: reason ?? "no reason was told" }));
}
