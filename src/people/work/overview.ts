/** The work as those who run it look at it: batch by batch, with the time that is left. */
import { connectTo, type Queries } from "../gallery/index.ts";
import { type FailurePage, type FailureRange, readFailures } from "./failures.ts";
import { isThere, PICTURES, QUEUE, RATE, TABLE } from "./table.ts";

/** The jobs that were added together. */
export interface WorkBatch {
  readonly id: string;
  readonly kind: "import" | "extract" | "cluster" | "group";
  /** The folder or archive of pictures, the name of the next model, or whose faces of the gallery. */
  readonly of: string;
  /** When it was added, and when its last job ended; null while there are jobs to do. ISO 8601. */
  readonly added: string;
  readonly ended: string | null;
  readonly jobs: { readonly left: number; readonly active: number; readonly failed: number };
  readonly pictures: {
    /** All of them: those that are left, that are done (also those passed over), and that failed. */
    readonly of: number;
    readonly left: number;
    readonly done: number;
    readonly passedOver: number;
    readonly failed: number;
  };
  /** Until it is done, at the rate of the last minute; null: nothing was done in that, or nothing is left. */
  readonly secondsLeft: number | null;
}

export interface WorkOverview {
  /** What is left first, in the order in which it is done; then what has ended, the last first. */
  readonly batches: readonly WorkBatch[];
  /** How many there are beside these. */
  readonly more: number;
  /** Workers that have a job in hand; one that was killed counts until its job has expired. */
  readonly workers: number;
  readonly picturesLeft: number;
  /** Pictures a second that all workers together have finished in the last minute. */
  readonly picturesPerSecond: number;
  readonly secondsLeft: number | null;
  /** Jobs that failed for good, and pictures that were passed over. */
  readonly failures: number;
}

export interface WorkWatch {
  /** Undefined where there is no queue. */
  overview(): Promise<WorkOverview | undefined>;
  failures(range: FailureRange): Promise<FailurePage>;
  close(): Promise<void>;
}

/** Batches that are listed. */
const LISTED = 50;
const NO_FAILURES: FailurePage = { failures: [], next: null };

/** Looks at the queue in the database at `url` as often as it is asked; it connects when it is, and makes nothing there. */
export function watchWork(url: string): WorkWatch {
  const server = connectTo(url);
  return {
    overview: async () => ((await isThere(server)) ? readOverview(server) : undefined),
    failures: async (range) => ((await isThere(server)) ? readFailures(server, range) : NO_FAILURES),
    close: () => server.close(),
  };
}

/** Jobs that were added before there were batches are taken together by what they are of. */
const SOURCE =
  "coalesce(data ->> 'images', data ->> 'photos', data ->> 'name', data ->> 'person', 'everybody')";
const BATCH = `coalesce(data -> 'batch' ->> 'id', ${SOURCE})`;
const BATCHES = `
  SELECT ${BATCH} AS id, max(coalesce(data ->> 'kind', 'import')) FILTER (WHERE data ->> 'kind' IS DISTINCT FROM 'change over') AS kind,
    max(${SOURCE}) AS source, min(created_on) AS added, max(completed_on) AS ended,
    count(*) FILTER (WHERE state <= 'active') AS jobs_left,
    count(*) FILTER (WHERE state = 'active') AS active,
    count(*) FILTER (WHERE state = 'failed') AS failed,
    coalesce(max((data -> 'batch' ->> 'pictures')::int), sum(${PICTURES}) FILTER (WHERE output -> 'cut' IS NULL), 0) AS pictures,
    coalesce(sum(${PICTURES}) FILTER (WHERE state <= 'active'), 0) AS pictures_left,
    coalesce(sum(${PICTURES}) FILTER (WHERE state = 'failed'), 0) AS pictures_failed,
    coalesce(sum(jsonb_array_length(output -> 'passedOver')) FILTER (WHERE state = 'completed'), 0) AS passed_over,
    ${RATE} AS rate
  FROM ${TABLE} WHERE name = $1 AND state <> 'cancelled' GROUP BY 1`;

async function readOverview(db: Queries): Promise<WorkOverview> {
  const { rows } = await db.query(
    `SELECT *, sum(pictures_left) OVER (ORDER BY added, id) AS pictures_until, count(*) OVER () AS all_batches,
       sum(active) OVER () AS all_active, sum(pictures_left) OVER () AS all_left, sum(rate) OVER () AS all_rate,
       sum(failed + passed_over) OVER () AS all_failures
     FROM (${BATCHES}) AS batches
     ORDER BY jobs_left = 0, CASE WHEN jobs_left > 0 THEN added END, ended DESC, id LIMIT ${LISTED}`,
    [QUEUE],
  );
  const all = rows[0] ?? {};
  const rate = Number(all.all_rate ?? 0);
  const seconds = (pictures: number) => (rate > 0 && pictures > 0 ? pictures / rate : null);
  const picturesLeft = Number(all.all_left ?? 0);
  return {
    batches: rows.map((row) => batchOf(row, seconds)),
    more: Number(all.all_batches ?? 0) - rows.length,
    workers: Number(all.all_active ?? 0),
    picturesLeft,
    picturesPerSecond: rate,
    secondsLeft: seconds(picturesLeft),
    failures: Number(all.all_failures ?? 0),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: rows are what the query says
function batchOf(row: any, seconds: (pictures: number) => number | null): WorkBatch {
  const jobs = { left: Number(row.jobs_left), active: Number(row.active), failed: Number(row.failed) };
  const [of, left, failed] = [row.pictures, row.pictures_left, row.pictures_failed].map(Number);
  return {
    id: row.id,
    kind: row.kind ?? "extract", // only its changeover is there still
    of: row.source,
    added: row.added.toISOString(),
    ended: jobs.left > 0 ? null : (row.ended?.toISOString() ?? null),
    jobs,
    pictures: {
      of,
      left,
      done: Math.max(0, of - left - failed),
      passedOver: Number(row.passed_over),
      failed,
    },
    secondsLeft: jobs.left > 0 ? seconds(Number(row.pictures_until)) : null,
  };
}
