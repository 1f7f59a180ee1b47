/**
 * A gallery in an SQLite file. The file is the record; codes are read into memory when it is opened and searched
 * there. Several processes may use one file: each search takes up first what others have added and erased.
 */
import { InputError } from "../../../base/errors/index.ts";
import {
  checkedFaces,
  checkedName,
  checkMerge,
  checkSame,
  checkSettings,
  keyChanged,
  nameTaken,
  unknownFace,
} from "../check.ts";
import { type Checksums, createChecksums } from "../checksums.ts";
import { contentDigest } from "../content.ts";
import { anotherChange, type ModelChange, needsPicture } from "../modelChange.ts";
import { createSealer, noSealer, sealerOf } from "../seal.ts";
import type {
  GalleryStore,
  NewFace,
  Person,
  PersonKey,
  Rekeyed,
  RekeyOptions,
  Removal,
  Sameness,
  StoreSettings,
} from "../store.ts";
import { type Connection, connect } from "./connection.ts";
import { type Erased, eraseFaces, READER_MS, verifyErasure } from "./erase.ts";
import { facesThatMeet } from "./filterSql.ts";
import { readNext, SqliteModelChange } from "./modelChange.ts";
import { SqliteReader } from "./reader.ts";
import { rekeyFile } from "./rekey.ts";
import { giveFaces, insertFace, personFor } from "./rows.ts";
import { migrate } from "./schema.ts";
import { readSetting, readSettings, writeSettings } from "./settings.ts";

export interface SqliteOptions {
  readonly create: boolean;
  readonly codesAlone?: boolean;
  readonly earlier?: StoreSettings;
  /** Of an encrypted gallery: without it that can be read and erased from, and nothing else. */
  readonly key?: Uint8Array;
}

/** Opens the gallery in the file at `path`; see openStore. */
export async function openSqliteStore(
  path: string,
  settings: StoreSettings | undefined,
  { create, codesAlone = false, earlier, key }: SqliteOptions,
): Promise<GalleryStore> {
  if (settings) checkSettings(settings);
  const db = connect(path, { create });
  try {
    migrate(db, { place: path, checksums: () => migrationChecksums(db, path, key) });
    const found =
      readSettings(db, path) ??
      db.transaction(() => readSettings(db, path) ?? writeSettings(db, path, create ? settings : undefined));
    if (settings) checkSame(path, found, settings, { codesAlone, earlier });
    const sealer = sealerOf(path, found.keyCheck, key);
    return new SqliteStore(db, { place: path, settings: found, sealer, key });
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Checksums for the rows of an older file, which needs its key for them. */
function migrationChecksums(db: Connection, path: string, key: Uint8Array | undefined): Checksums {
  const { keyCheck } = readSettings(db, path)!;
  if (sealerOf(path, keyCheck, key)) return createChecksums(keyCheck === "" ? undefined : key);
  throw new InputError(
    `${path}: an encrypted gallery of an older version of this program: its key is needed once, to give its rows checksums`,
  );
}

const LOG_PENDING =
  "the write-ahead log, which holds what the old key opens, is emptied when no other process reads the file";

class SqliteStore extends SqliteReader implements GalleryStore {
  readonly change: ModelChange = new SqliteModelChange({
    db: this.db,
    place: this.place,
    settings: this.settings,
    checksums: this.checksums,
  });
  #removing: Promise<unknown> = Promise.resolve();

  /** For what is to be written. */
  get #sums(): Checksums {
    if (this.checksums) return this.checksums;
    throw new InputError(`${this.place}: this gallery is encrypted; to change it, its key is needed`);
  }

  async add(faces: readonly NewFace[]): Promise<number[]> {
    const [sums, checked] = [this.#sums, checkedFaces(faces, this.settings)];
    return this.#change(() => {
      this.#checkPictures(checked);
      return checked.map((face) => this.#insert(face, sums));
    });
  }

  async addMissing(faces: readonly NewFace[], sameness: Sameness): Promise<number> {
    const [sums, checked] = [this.#sums, checkedFaces(faces, this.settings)];
    return this.#change(() => {
      const missing = checked.filter((face, i) => {
        const isMissing = !this.#isThere(face, sameness, i);
        if (isMissing) this.#checkPictures([face]);
        if (isMissing) this.#insert(face, sums);
        return isMissing;
      });
      return missing.length;
    });
  }

  #insert(face: NewFace, sums: Checksums): number {
    return insertFace(this.db, sums, personFor(this.db, sums, face.person), face);
  }

  #isThere(face: NewFace, sameness: Sameness, i: number): boolean {
    if (!("field" in sameness)) {
      const digest = contentDigest(face);
      const alike = this.db.get<[number]>("SELECT count(*) FROM faces WHERE digest = ?", digest)!;
      return alike[0] >= sameness.nth[i];
    }
    const { field } = sameness;
    const value = face.fields?.[field];
    if (value === undefined) return false;
    const { sql, values } = facesThatMeet([{ field, equals: value }]);
    return this.db.get(`${sql} LIMIT 1`, ...values) !== undefined;
  }

  #checkPictures(faces: readonly NewFace[]): void {
    const next = readNext(this.db);
    if (next && faces.some(({ thumbnail }) => !thumbnail)) throw needsPicture(this.place, next);
  }

  async rename(who: PersonKey, given: string): Promise<void> {
    const [sums, to] = [this.#sums, checkedName(given)];
    await this.#change(() => {
      const { id } = this.known(who);
      const taken = this.db.get<[number]>("SELECT id FROM people WHERE name = ?", to);
      if (taken && taken[0] !== id) throw nameTaken(to);
      const checksum = sums.person(id, to);
      this.db.run("UPDATE people SET name = ?, checksum = ? WHERE id = ?", to, checksum, id);
    });
  }

  async merge(who: PersonKey, into: PersonKey): Promise<number> {
    const sums = this.#sums;
    return this.#change(() => {
      const from = this.known(who);
      const { id } = this.known(into);
      checkMerge(from.name, from.id, id);
      const faces = this.db.all<[number]>("SELECT id FROM faces WHERE person = ?", from.id);
      giveFaces(this.db, sums, faces.flat(), id);
      this.db.run("DELETE FROM people WHERE id = ?", from.id);
      return from.faces;
    });
  }

  async moveFace(face: number, given: string): Promise<Person> {
    const [sums, to] = [this.#sums, checkedName(given)];
    return this.#change(() => {
      const row = this.db.get<[number]>("SELECT person FROM faces WHERE id = ?", face);
      if (!row) throw unknownFace(face);
      const person = personFor(this.db, sums, to);
      giveFaces(this.db, sums, [face], person);
      this.db.run(
        "DELETE FROM people WHERE id = ? AND NOT EXISTS (SELECT 1 FROM faces WHERE person = people.id)",
        row[0],
      );
      return this.known(person);
    });
  }

  removePerson(who: PersonKey): Promise<Removal> {
    return this.#remove(() => {
      const person = this.known(who);
      const ids = this.db.all<[number]>("SELECT id FROM faces WHERE person = ? ORDER BY id", person.id);
      return eraseFaces(this.db, person, ids.flat());
    });
  }

  removeFace(face: number): Promise<Removal> {
    return this.#remove(() => {
      const row = this.db.get<[number]>("SELECT person FROM faces WHERE id = ?", face);
      if (!row) throw unknownFace(face);
      return eraseFaces(this.db, this.known(row[0]), [face]);
    });
  }

  /** One after the other, from the deletion to its check: two with the same content would find each other's. */
  #remove(erase: () => Erased): Promise<Removal> {
    const removed = this.#removing.then(async () => {
      const erased = await this.db.change(erase);
      if (this.codes.loaded) await this.load().catch(() => {}); // codes in memory, too; else the next search does it
      return verifyErasure(this.db, this.place, erased);
    });
    this.#removing = removed.catch(() => {});
    return removed;
  }

  /** All of `work` or none of it, unless the gallery has another key by now. */
  #change<T>(work: () => T): Promise<T> {
    return this.db.change(() => {
      this.#checkUnchanged(this.db);
      return work();
    });
  }

  #checkUnchanged(db: Connection): void {
    if (readSetting(db, "keyCheck") !== this.settings.keyCheck) throw keyChanged(this.place);
    this.checkModel(readSetting(db, "model")!);
  }

  /** Empties the write-ahead log, where what was overwritten still is; whether it could. */
  #emptyLog(): boolean {
    try {
      const [busy] = this.db.waiting(READER_MS, () =>
        this.db.get<[number, number, number]>("PRAGMA wal_checkpoint(TRUNCATE)"),
      )!;
      return busy === 0;
    } catch {
      return false;
    }
  }

  async rekey(key: Uint8Array | undefined, options: RekeyOptions): Promise<Rekeyed> {
    const checksums = this.#sums; // refuses whoever lacks the present key
    const from = { sealer: this.sealer!, checksums };
    const to = { sealer: key ? createSealer(key) : noSealer, checksums: createChecksums(key) };
    const check = (db: Connection) => {
      this.#checkUnchanged(db);
      const next = readNext(db);
      if (next) throw anotherChange(this.place, next);
    };
    const done = await rekeyFile(this.place, { from, to, check }, options);
    return { ...done, pending: this.#emptyLog() ? [] : [LOG_PENDING] };
  }

  async close(): Promise<void> {
    await this.#removing;
    await this.codes.close();
    this.db.close();
  }
}
