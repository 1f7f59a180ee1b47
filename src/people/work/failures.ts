/** What came to nothing, and why, the last first. */
import { InputError } from "../../base/errors/index.ts";
import type { Queries } from "../gallery/index.ts";
import { QUEUE, TABLE } from "./table.ts";

/** A picture or a job that came to nothing. */
export interface Failure {
  /** Pictures of a failed job as their source names them, or the file that could not be used. */
  readonly pictures: readonly string[];
  readonly reason: string;
  /** ISO 8601. */
  readonly time: string;
}

export interface FailurePage {
  readonly failures: readonly Failure[];
  /** What `after` must be for the next page; null: there is none. */
  readonly next: string | null;
}

export interface FailureRange {
  readonly limit: number;
  /** `next` of the page before. */
  readonly after?: string;
}

/** `next`: microseconds since 1970, id of the job, and which of its pictures. */
export const CURSOR = /^(\d{1,18})_([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})_(\d{1,9})$/;

/** InputError for an `after` that no page gave. */
export async function readFailures(db: Queries, { limit, after }: FailureRange): Promise<FailurePage> {
  const from = after === undefined ? [null, null, null] : CURSOR.exec(after)?.slice(1);
  if (!from) throw new InputError(`after: ${after} is no end of a page of failures`);
  const { rows } = await db.query(
    `SELECT * FROM (
       SELECT completed_on, id, 0 AS place,
         coalesce(data -> 'pictures', jsonb_build_array(concat_ws(' ', data ->> 'kind', data ->> 'name', data ->> 'photos', data ->> 'person', data ->> 'from')))
           AS pictures, coalesce(output ->> 'message', output -> 'value' ->> 'message') AS reason
       FROM ${TABLE} WHERE name = $1 AND state = 'failed'
       UNION ALL
       SELECT completed_on, id, one.place, jsonb_build_array(one.value -> 'file'), one.value ->> 'reason'
       FROM ${TABLE}, jsonb_array_elements(output -> 'passedOver') WITH ORDINALITY AS one (value, place)
       WHERE name = $1 AND state = 'completed'
     ) AS failed, LATERAL (SELECT (1e6 * extract(epoch FROM completed_on))::bigint AS micros) AS at
     WHERE $2::bigint IS NULL OR (-micros, id, place) > (-$2::bigint, $3::uuid, $4::bigint)
     ORDER BY -micros, id, place LIMIT $5`,
    [QUEUE, ...from, limit + 1],
  );
  const listed = rows.slice(0, limit);
  const last = rows.length > limit ? listed.at(-1) : undefined;
  return {
    failures: listed.map(({ pictures, reason, completed_on: time }) => ({
      pictures,
      reason: reason ?? "no reason was told",
      time: time.toISOString(),
    })),
    next: last ? `${last.micros}_${last.id}_${last.place}` : null,
  };
}
