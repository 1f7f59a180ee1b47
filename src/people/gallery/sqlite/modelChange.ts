/** A change of model of a gallery in an SQLite file; see ../modelChange.ts. */
import { type Checksums, same } from "../checksums.ts";
import { contentDigest } from "../content.ts";
import type { Fields } from "../filter.ts";
import {
  checkBegin,
  checksumsFor,
  type LackingRange,
  lackingFace,
  lostWith,
  type ModelChange,
  type NextFace,
  type NextModel,
  noChange,
  settingsAfter,
} from "../modelChange.ts";
import type { StoreSettings } from "../store.ts";
import type { Connection } from "./connection.ts";
import { eraseFaces } from "./erase.ts";
import { asFace, asPerson, FACE, type FaceRow, PERSON, type PersonRow } from "./rows.ts";
import { numberOf } from "./schema.ts";
import { readSetting, writeSetting } from "./settings.ts";

/** Codes of the next model; a face that goes takes its own with it. */
const TABLE = `
  CREATE TABLE IF NOT EXISTS next_faces (
    id INTEGER PRIMARY KEY REFERENCES faces (id) ON DELETE CASCADE,
    code BLOB NOT NULL,
    vector BLOB,
    thumbnail BLOB
  ) STRICT`;
const IS_LACKING = "NOT EXISTS (SELECT 1 FROM next_faces n WHERE n.id = faces.id)";
/** Rows changed over at a time. */
const BLOCK = 500;

export interface ChangingFile {
  readonly db: Connection;
  readonly place: string;
  readonly settings: StoreSettings;
  /** Undefined where the key is needed and not given. */
  readonly checksums: Checksums | undefined;
}

/** The model that a change under way leads to. */
export function readNext(db: Connection): NextModel | undefined {
  const text = readSetting(db, "nextModel");
  return text === undefined ? undefined : (JSON.parse(text) as NextModel);
}

export class SqliteModelChange implements ModelChange {
  readonly #of: ChangingFile;

  constructor(of: ChangingFile) {
    this.#of = of;
  }

  get #sums(): Checksums {
    return checksumsFor(this.#of.place, this.#of.checksums);
  }

  async withoutPicture(limit: number) {
    const { db } = this.#of;
    const listed = db.all<[number, string]>(
      `SELECT f.id, p.name FROM faces f JOIN people p ON p.id = f.person
       WHERE f.thumbnail IS NULL ORDER BY f.id LIMIT ?`,
      limit,
    );
    return {
      faces: numberOf(db, "SELECT count(*) FROM faces WHERE thumbnail IS NULL"),
      listed: listed.map(([face, person]) => ({ face, person })),
    };
  }

  async begin(next: NextModel): Promise<void> {
    const { db, place } = this.#of;
    this.#sums; // refuses whoever lacks the key
    await db.change(() => {
      const under = readNext(db);
      checkBegin(place, { present: readSetting(db, "model"), under }, next);
      db.script(TABLE);
      writeSetting(db, "nextModel", JSON.stringify(next));
    });
  }

  async status() {
    const { db } = this.#of;
    const next = readNext(db);
    if (!next) return undefined;
    return {
      next,
      lacking: numberOf(db, `SELECT count(*) FROM faces WHERE ${IS_LACKING}`),
      faces: numberOf(db, "SELECT count(*) FROM faces"),
    };
  }

  async lacking({ from = 0, to = Number.MAX_SAFE_INTEGER, limit }: LackingRange) {
    const [sums, { db, place }] = [this.#sums, this.#of];
    if (!readNext(db)) throw noChange(place);
    const rows = db.all<readonly [...FaceRow, thumbnail: Uint8Array, checksum: Uint8Array | null]>(
      `${FACE.replace(" FROM", ", thumbnail, thumbnail_checksum FROM")}
       WHERE thumbnail IS NOT NULL AND id >= ? AND id < ? AND ${IS_LACKING} ORDER BY id LIMIT ?`,
      from,
      to,
      limit,
    );
    return rows.map(([id, person, code, vector, fields, checksum, thumbnail, sum]) => {
      const face = asFace([id, person, code, vector, fields, checksum], sums);
      return lackingFace(face, { thumbnail, checksum: sum }, sums);
    });
  }

  async lastOf(from: number, faces: number): Promise<number | undefined> {
    const [last] = this.#of.db.get<[number | null]>(
      "SELECT max(id) FROM (SELECT id FROM faces WHERE id >= ? ORDER BY id LIMIT ?)",
      from,
      faces,
    )!;
    return last ?? undefined;
  }

  async keep(model: string, faces: readonly NextFace[]): Promise<void> {
    const { db, place } = this.#of;
    await db.change(() => {
      if (readNext(db)?.model !== model) throw noChange(place);
      for (const { id, code, vector, thumbnail } of faces) {
        if (!db.get("SELECT 1 FROM faces WHERE id = ?", id)) continue; // removed meanwhile
        db.run(
          "INSERT OR REPLACE INTO next_faces (id, code, vector, thumbnail) VALUES (?, ?, ?, ?)",
          id,
          code,
          vector ?? null,
          thumbnail ?? null,
        );
      }
    });
  }

  async changeOver(model: string, failed: readonly number[]) {
    const [sums, { db, place }] = [this.#sums, this.#of];
    return db.change(() => {
      const next = readNext(db);
      if (next?.model !== model) throw noChange(place);
      const lacking = db.all<[number, number]>(
        `SELECT id, thumbnail IS NOT NULL FROM faces WHERE ${IS_LACKING} ORDER BY id`,
      );
      const faces = lacking.map(([id, pictured]) => ({ id, pictured: Boolean(pictured) }));
      const lost = lostWith(place, next, faces, failed);
      if (!lost) return undefined;
      eraseLost(db, lost);
      takeTheirPlace(db, sums);
      for (const [setting, value] of settingsAfter(next)) writeSetting(db, setting, value);
      writeSetting(db, "nextModel", undefined);
      db.script("DROP TABLE next_faces");
      return { faces: numberOf(db, "SELECT count(*) FROM faces"), erased: lost.length };
    });
  }

  async cancel(): Promise<void> {
    const { db, place } = this.#of;
    await db.change(() => {
      if (!readNext(db)) throw noChange(place);
      writeSetting(db, "nextModel", undefined);
      db.script("DROP TABLE next_faces");
    });
  }
}

/** With a receipt for each person. */
function eraseLost(db: Connection, lost: readonly number[]): void {
  const people = db.all<PersonRow>(
    `${PERSON} WHERE id IN (SELECT person FROM faces WHERE id IN (SELECT value FROM json_each(?)))`,
    JSON.stringify(lost),
  );
  const all = new Set(lost);
  for (const row of people) {
    const ids = db.all<[number]>("SELECT id FROM faces WHERE person = ? ORDER BY id", row[0]).flat();
    eraseFaces(
      db,
      asPerson(row),
      ids.filter((id) => all.has(id)),
    );
  }
}

type NextRow = readonly [
  ...FaceRow,
  code: Uint8Array,
  vector: Uint8Array | null,
  thumbnail: Uint8Array | null,
];

/** Every face gets what is kept of it for the next model. */
function takeTheirPlace(db: Connection, sums: Checksums): void {
  for (let after = 0; ; ) {
    const rows = db.all<NextRow>(
      `SELECT f.id, f.person, f.code, f.vector, f.fields, f.checksum, n.code, n.vector, n.thumbnail
       FROM faces f JOIN next_faces n ON n.id = f.id WHERE f.id > ? ORDER BY f.id LIMIT ${BLOCK}`,
      after,
    );
    if (rows.length === 0) return;
    for (const row of rows) changeFace(db, sums, row);
    after = rows[rows.length - 1][0];
  }
}

function changeFace(db: Connection, sums: Checksums, row: NextRow): void {
  const [id, person, oldCode, oldVector, fields, checksum, code, vector, thumbnail] = row;
  // A face that was altered stays one: a new checksum would vouch for it.
  const isSound = same(sums.face({ id, person, code: oldCode, vector: oldVector, fields }), checksum);
  const values = JSON.parse(fields) as Fields;
  db.run(
    "UPDATE faces SET code = ?, vector = ?, checksum = ?, digest = ? WHERE id = ?",
    code,
    vector,
    isSound ? sums.face({ id, person, code, vector, fields }) : checksum,
    contentDigest({ code, fields: values, ...(vector && { vector }) }),
    id,
  );
  if (thumbnail === null) return;
  const sum = sums.thumbnail(id, thumbnail);
  db.run("UPDATE faces SET thumbnail = ?, thumbnail_checksum = ? WHERE id = ?", thumbnail, sum, id);
}
