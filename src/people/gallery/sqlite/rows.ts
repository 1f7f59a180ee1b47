/** People and faces as SQLite keeps them. */
import { ALTERED, type Checksums, same } from "../checksums.ts";
import { contentDigest } from "../content.ts";
import type { Fields } from "../filter.ts";
import type { NewFace, Person, StoredFace } from "../store.ts";
import type { Connection } from "./connection.ts";
import { asValue, kindOf } from "./filterSql.ts";

export const FACE = "SELECT id, person, code, vector, fields, checksum FROM faces";
/** The same with the model that their codes are of. */
export const FACE_OF_MODEL = FACE.replace(
  " FROM",
  ", (SELECT value FROM settings WHERE name = 'model') FROM",
);
export const PERSON = "SELECT id, name, (SELECT count(*) FROM faces WHERE person = people.id) FROM people";
export type PersonRow = readonly [id: number, name: string, faces: number];
export type FaceRow = readonly [
  id: number,
  person: number,
  code: Uint8Array,
  vector: Uint8Array | null,
  fields: string,
  checksum: Uint8Array | null,
];

export type ModelFaceRow = readonly [...face: FaceRow, model: string];

/** All that is sealed of a face, or summed up in its checksum. */
export type WholeFaceRow = readonly [
  id: number,
  person: number,
  code: Uint8Array,
  vector: Uint8Array | null,
  thumbnail: Uint8Array | null,
  fields: string,
];

export type SealedFaceRow = readonly [
  ...face: WholeFaceRow,
  checksum: Uint8Array | null,
  thumbnailChecksum: Uint8Array | null,
];

/** Rows read at a time, where all are changed. */
const BLOCK = 500;

/** Every face with its checksum, by ids; they may be changed meanwhile. */
export function* everyFace(db: Connection): Generator<SealedFaceRow> {
  for (let after = 0; ; ) {
    const rows = db.all<SealedFaceRow>(
      "SELECT id, person, code, vector, thumbnail, fields, checksum, thumbnail_checksum FROM faces " +
        "WHERE id > ? ORDER BY id LIMIT ?",
      after,
      BLOCK,
    );
    if (rows.length === 0) return;
    yield* rows;
    after = rows[rows.length - 1][0];
  }
}

export const asPerson = ([id, name, faces]: PersonRow): Person => ({ id, name, faces });

/** A face as it is given out; one that was altered says so, where `sums` can tell. */
export function asFace([id, person, code, vector, text, checksum]: FaceRow, sums?: Checksums): StoredFace {
  const altered = sums && !same(sums.face({ id, person, code, vector, fields: text }), checksum);
  const fields = parsed(text);
  const reason = fields === undefined ? "its fields are no JSON" : altered ? ALTERED : undefined;
  return {
    id,
    person,
    code,
    ...(vector && { vector }),
    fields: fields ?? {},
    ...(reason !== undefined && { damaged: reason }),
  };
}

function parsed(text: string): Fields | undefined {
  try {
    return JSON.parse(text) as Fields;
  } catch {
    return undefined;
  }
}

/** The number that the next row of `table` gets. */
export const nextId = (db: Connection, table: "people" | "faces"): number =>
  (db.get<[number]>("SELECT seq FROM sqlite_sequence WHERE name = ?", table)?.[0] ?? 0) + 1;

/** Within a transaction: keeps a face of the person; its id. */
export function insertFace(db: Connection, sums: Checksums, person: number, face: NewFace): number {
  const { code, vector, thumbnail, fields = {} } = face;
  const id = nextId(db, "faces");
  const text = JSON.stringify(fields);
  db.run(
    "INSERT INTO faces (id, person, code, fields, vector, thumbnail, checksum, thumbnail_checksum, digest) " +
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    id,
    person,
    code,
    text,
    vector ?? null,
    thumbnail ?? null,
    sums.face({ id, person, code, vector, fields: text }),
    sums.thumbnail(id, thumbnail),
    contentDigest(face),
  );
  writeFieldValues(db, id, fields);
  return id;
}

/** Every field of a face once more, for filters. */
export function writeFieldValues(db: Connection, face: number, fields: Fields): void {
  for (const [name, value] of Object.entries(fields)) {
    db.run("INSERT INTO field_values VALUES (?, ?, ?, ?)", name, kindOf(value), asValue(value), face);
  }
}

/** Within a transaction: the person called `name`, made if new; the id. */
export function personFor(db: Connection, sums: Checksums, name: string): number {
  const known = db.get<[number]>("SELECT id FROM people WHERE name = ?", name);
  if (known) return known[0];
  const id = nextId(db, "people");
  db.run("INSERT INTO people (id, name, checksum) VALUES (?, ?, ?)", id, name, sums.person(id, name));
  return id;
}

/** Within a transaction: gives the faces of `ids` to `person`. */
export function giveFaces(db: Connection, sums: Checksums, ids: readonly number[], person: number): void {
  const rows = db.all<FaceRow>(`${FACE} WHERE id IN (SELECT value FROM json_each(?))`, JSON.stringify(ids));
  for (const row of rows) {
    const [id, was, code, vector, fields, checksum] = row;
    // A face that was altered stays one: a new checksum would vouch for it.
    const isSound = same(sums.face({ id, person: was, code, vector, fields }), checksum);
    const sum = isSound ? sums.face({ id, person, code, vector, fields }) : checksum;
    db.run("UPDATE faces SET person = ?, checksum = ? WHERE id = ?", person, sum, id);
  }
}
