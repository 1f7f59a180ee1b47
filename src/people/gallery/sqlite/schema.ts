/** The tables of a gallery in SQLite, and how older files become newer ones. */
import { DataError, InputError } from "../../../base/errors/index.ts";
import type { Checksums } from "../checksums.ts";
import type { Connection } from "./connection.ts";
import { RECEIPTS_TABLE } from "./receipts.ts";
import { toVersion2 } from "./version2.ts";
import { toVersion4 } from "./version4.ts";

/** Marks a file as a gallery ("DiD2"), so that other databases are not taken for one. */
export const APPLICATION_ID = 0x44694432;

/** What brings a file to the next version: a script, or a function where a script cannot say it. */
type Step = string | ((db: Connection, checksums: () => Checksums) => void);

/** Step n leads from version n to n + 1; steps are never changed, only added. */
export const MIGRATIONS: readonly Step[] = [
  `CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
   CREATE TABLE people (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE) STRICT;
   CREATE TABLE faces (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     person INTEGER NOT NULL REFERENCES people (id),
     code BLOB NOT NULL,
     fields TEXT NOT NULL,
     vector BLOB,
     thumbnail BLOB
   ) STRICT;
   CREATE INDEX faces_person ON faces (person);
   -- Every field of every face once more, for filters: kind keeps true, 1 and "1" apart.
   CREATE TABLE field_values (
     name TEXT NOT NULL, kind TEXT NOT NULL, value ANY NOT NULL, face INTEGER NOT NULL,
     PRIMARY KEY (name, kind, value, face)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX field_values_face ON field_values (face);
   -- The ids of erased faces, so that whoever has codes in memory learns which to forget.
   CREATE TABLE removals (number INTEGER PRIMARY KEY AUTOINCREMENT, face INTEGER NOT NULL) STRICT;
   PRAGMA application_id = ${APPLICATION_ID};`,
  toVersion2,
  RECEIPTS_TABLE,
  toVersion4,
];

export interface MigrateOptions {
  readonly place: string;
  /** Checksums with the gallery's key; throws where that is needed and not given. */
  readonly checksums: () => Checksums;
}

/** Brings the file to the newest version, in one transaction. An empty file becomes a gallery. */
export function migrate(db: Connection, { place, checksums }: MigrateOptions): void {
  const newest = MIGRATIONS.length;
  const found = numberOf(db, "PRAGMA user_version");
  if (found !== newest) {
    if (db.readOnly && found < newest) {
      throw new InputError(
        `${place}: made by an older version of this program (its tables are ${found}, needed are ${newest}), and it ` +
          "cannot be written: have somebody who may open it once",
      );
    }
    db.transaction(() => {
      const version = numberOf(db, "PRAGMA user_version");
      const isEmpty = version === 0 && numberOf(db, "SELECT count(*) FROM sqlite_schema") === 0;
      if (!isEmpty) checkIsGallery(db, place);
      if (!(version <= newest)) {
        throw new DataError(
          `${place}: made by a newer version of this program: its tables are ${version}, this one knows ${newest}`,
        );
      }
      for (const step of MIGRATIONS.slice(version)) {
        if (typeof step === "string") db.script(step);
        else step(db, checksums);
      }
      db.script(`PRAGMA user_version = ${newest}`);
    });
  }
  checkIsGallery(db, place);
}

function checkIsGallery(db: Connection, place: string): void {
  if (numberOf(db, "PRAGMA application_id") === APPLICATION_ID) return;
  throw new DataError(`${place}: a database of another kind, not a gallery`);
}

/** The one number that a query gives. */
export const numberOf = (db: Connection, sql: string): number => db.get<[number]>(sql)![0];
