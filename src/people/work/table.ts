/** Where pg-boss keeps the jobs, and expressions over its rows. */
import type { Queries } from "../gallery/index.ts";

/** Everything of the queue is in this schema. */
export const SCHEMA = "deepid_work";
export const QUEUE = "import";
export const TABLE = `${SCHEMA}.job`;

/** Pictures, or faces, of a job. */
export const PICTURES = "coalesce(jsonb_array_length(data -> 'pictures'), (data ->> 'faces')::int, 0)";

/** Pictures a second that were finished in the last minute; those of a job that was cut are counted with its pieces. */
export const RATE = `coalesce(sum(${PICTURES}) FILTER (WHERE state = 'completed' AND output -> 'cut' IS NULL
    AND completed_on > now() - interval '1 minute'), 0) / 60.0`;

/** Whether the database has a queue: `deepid work` or `deepid work add` has been there. */
export async function isThere(db: Queries): Promise<boolean> {
  const { rows } = await db.query("SELECT to_regclass($1) IS NOT NULL AS there", [TABLE]);
  return rows[0].there;
}
