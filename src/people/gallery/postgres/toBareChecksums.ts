/**
 * Version 7 of a gallery's tables: a face without a thumbnail has a checksum that says so. Those that have none are taken
 * as they are found: a thumbnail that vanished with its checksum before is not noticed, one that does from here on is.
 */
import type { Queries } from "./connection.ts";
import { SCHEMA } from "./names.ts";
import { setColumns } from "./rows.ts";
import { olderChecksums, type UpgradedPlace } from "./toChecksums.ts";

/** Rows sealed at a time. */
const BLOCK = 1_000;

/** Within a transaction of the coordinator at `place`. */
export async function toBareChecksums(db: Queries, place: UpgradedPlace): Promise<void> {
  for (let after = 0; ; ) {
    const { rows } = await db.query(
      `SELECT id FROM ${SCHEMA}.faces WHERE thumbnail IS NULL AND thumbnail_checksum IS NULL AND id > $1
       ORDER BY id LIMIT ${BLOCK}`,
      [after],
    );
    if (rows.length === 0) return;
    const { sums } = await olderChecksums(db, place);
    const ids = rows.map(({ id }) => Number(id));
    await setColumns(db, ids, { thumbnail_checksum: ["bytea", ids.map((id) => sums.thumbnail(id, null))] });
    after = ids[ids.length - 1];
  }
}
