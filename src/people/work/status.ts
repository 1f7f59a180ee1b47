/** How far the queue is: read from pg-boss's table, where nothing is made or changed. */
import { connectTo, type Queries } from "../gallery/index.ts";
import { type Failure, readFailures } from "./failures.ts";
import { isThere, PICTURES, QUEUE, RATE, TABLE } from "./table.ts";

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
  /** The last of what came to nothing, and why. */
  readonly failures: readonly Failure[];
}

/** Failures that are listed. */
const LISTED = 1_000;

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

export async function readStatus(db: Queries): Promise<WorkStatus> {
  if (!(await isThere(db))) return NOTHING;
  const outcome = (name: string) =>
    `coalesce(sum((output ->> '${name}')::int) FILTER (WHERE state = 'completed'), 0)`;
  const { rows } = await db.query(
    `SELECT count(*) FILTER (WHERE state < 'active') AS waiting, count(*) FILTER (WHERE state = 'active') AS active,
            count(*) FILTER (WHERE state = 'completed') AS done, count(*) FILTER (WHERE state = 'failed') AS failed,
            coalesce(sum(${PICTURES}) FILTER (WHERE state <= 'active'), 0) AS pictures_waiting,
            coalesce(sum(${PICTURES}) FILTER (WHERE state = 'failed'), 0) AS pictures_failed,
            ${outcome("added")} AS added, ${outcome("known")} AS known, ${outcome("extracted")} AS extracted,
            coalesce(sum(jsonb_array_length(output -> 'passedOver')) FILTER (WHERE state = 'completed'), 0) AS passed_over,
            ${RATE} AS rate
     FROM ${TABLE} WHERE name = $1`,
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
    failures: (await readFailures(db, { limit: LISTED })).failures,
  };
}
