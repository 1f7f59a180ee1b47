/** The queue: jobs of some pictures or faces each, kept by pg-boss in a schema of the gallery's database. */
import PgBoss from "pg-boss";
import { connectTo, type Server } from "../gallery/index.ts";
import type { Job, Outcome } from "./jobs.ts";
import { readStatus, type WorkStatus } from "./status.ts";
import { QUEUE, SCHEMA } from "./table.ts";

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

/** Tries after the first. */
export const RETRIES = 5;
const DEFAULTS = { expireSeconds: 300 } as const;
/** Between two looks for jobs whose worker is gone, and for old ones that can be forgotten. */
const MAINTENANCE_SECONDS = 5;
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
