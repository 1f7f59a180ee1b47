/**
 * Version 2 of a gallery's tables: names and texts in NFC, so that a name is found however it was typed; checksums of
 * people, faces and thumbnails; and a digest of each face's content, by which a restore knows what is there.
 */
import { nameKey } from "../../../base/names/index.ts";
import type { Checksums } from "../checksums.ts";
import { contentDigest } from "../content.ts";
import type { Fields } from "../filter.ts";
import type { Connection } from "./connection.ts";
import { everyFace, type SealedFaceRow, writeFieldValues } from "./rows.ts";

const TABLES = `
  ALTER TABLE people ADD COLUMN checksum BLOB;
  ALTER TABLE faces ADD COLUMN checksum BLOB;
  ALTER TABLE faces ADD COLUMN thumbnail_checksum BLOB;
  ALTER TABLE faces ADD COLUMN digest BLOB;`;

export function toVersion2(db: Connection, checksums: () => Checksums): void {
  db.script(TABLES);
  if (db.get("SELECT id FROM people LIMIT 1") || db.get("SELECT id FROM faces LIMIT 1")) {
    const sums = checksums();
    nameInOneForm(db, sums);
    for (const row of everyFace(db)) upgrade(db, row, sums);
  }
  db.script("CREATE INDEX faces_digest ON faces (digest)");
}

/** Names in NFC. Two people whose names differed in nothing that can be seen are one: the older keeps all faces. */
function nameInOneForm(db: Connection, sums: Checksums): void {
  const people = db.all<[number, string]>("SELECT id, name FROM people ORDER BY id");
  const ids = new Map<string, number>();
  for (const [id, name] of people) {
    const older = ids.get(nameKey(name));
    if (older === undefined) ids.set(nameKey(name), id);
    else {
      db.run("UPDATE faces SET person = ? WHERE person = ?", older, id);
      db.run("DELETE FROM people WHERE id = ?", id);
    }
  }
  for (const [name, id] of ids) {
    db.run("UPDATE people SET name = ?, checksum = ? WHERE id = ?", name, sums.person(id, name), id);
  }
}

function upgrade(
  db: Connection,
  [id, person, code, vector, thumbnail, text]: SealedFaceRow,
  sums: Checksums,
): void {
  const fields = nameKey(text); // JSON's own characters compose with nothing
  if (fields !== text) {
    db.run("DELETE FROM field_values WHERE face = ?", id);
    writeFieldValues(db, id, JSON.parse(fields) as Fields);
  }
  const values = JSON.parse(fields) as Fields;
  db.run(
    "UPDATE faces SET fields = ?, checksum = ?, thumbnail_checksum = ?, digest = ? WHERE id = ?",
    fields,
    sums.face({ id, person, code, vector, fields }),
    thumbnail && sums.thumbnail(id, thumbnail),
    contentDigest({ code, fields: values, ...(vector === null ? {} : { vector }) }),
    id,
  );
}
