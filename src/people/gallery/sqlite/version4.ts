/**
 * Version 4 of a gallery's tables: a face without a thumbnail has a checksum that says so. Those that have none are taken
 * as they are found: a thumbnail that vanished with its checksum before is not noticed, one that does from here on is.
 */
import type { Checksums } from "../checksums.ts";
import type { Connection } from "./connection.ts";

export function toVersion4(db: Connection, checksums: () => Checksums): void {
  const bare = db.all<[number]>(
    "SELECT id FROM faces WHERE thumbnail IS NULL AND thumbnail_checksum IS NULL",
  );
  if (bare.length === 0) return;
  const sums = checksums();
  for (const [id] of bare) {
    db.run("UPDATE faces SET thumbnail_checksum = ? WHERE id = ?", sums.thumbnail(id, null), id);
  }
}
