/**
 * A gallery in an SQLite file. The file is the record; codes are read into memory when it is opened and searched
 * there. Several processes may use one file: each search takes up first what others have added and erased.
 */
import { InputError } from "../../../base/errors/index.ts";
import {
  checkedFaces,
  checkedName,
  checkMerge,
  checkNearest,
  checkPage,
  checkReceiptPage,
  checkSame,
  checkSettings,
  keyChanged,
  keyOf,
  nameTaken,
  unknownFace,
  unknownPerson,
} from "../check.ts";
import { type Checksums, createChecksums } from "../checksums.ts";
import { contentDigest } from "../content.ts";
import { checkedFilter, type Filter } from "../filter.ts";
import { createSealer, noSealer, type Sealer, sealerOf } from "../seal.ts";
import type {
  CheckResult,
  Damage,
  GalleryStore,
  Hit,
  KeptRemoval,
  NewFace,
  Page,
  Person,
  PersonKey,
  ReceiptPage,
  Rekeyed,
  Removal,
  SalvagedFace,
  Sameness,
  StoredFace,
  StoreSettings,
} from "../store.ts";
import { type Connection, connect } from "./connection.ts";
import { type Erased, eraseFaces, READER_MS, verifyErasure } from "./erase.ts";
import { facesThatMeet, kindOf } from "./filterSql.ts";
import { checkFile, salvageFile } from "./inspect.ts";
import { LoadedCodes } from "./loadedCodes.ts";
import { readReceipt, readReceipts } from "./receipts.ts";
import { rekeyFile } from "./rekey.ts";
import {
  asFace,
  asPerson,
  FACE,
  type FaceRow,
  giveFaces,
  insertFace,
  PERSON,
  type PersonRow,
  personFor,
} from "./rows.ts";
import { migrate } from "./schema.ts";
import { readSettings, writeSettings } from "./settings.ts";

export interface SqliteOptions {
  readonly create: boolean;
  readonly codesAlone?: boolean;
  /** Of an encrypted gallery: without it that can be read and erased from, and nothing else. */
  readonly key?: Uint8Array;
}

/** Opens the gallery in the file at `path`; see openStore. */
export async function openSqliteStore(
  path: string,
  settings: StoreSettings | undefined,
  { create, codesAlone = false, key }: SqliteOptions,
): Promise<GalleryStore> {
  if (settings) checkSettings(settings);
  const db = connect(path, { create });
  try {
    migrate(db, { place: path, checksums: () => migrationChecksums(db, path, key) });
    const found =
      readSettings(db, path) ??
      db.transaction(() => readSettings(db, path) ?? writeSettings(db, path, create ? settings : undefined));
    if (settings) checkSame(path, found, settings, codesAlone);
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

interface Parts {
  readonly place: string;
  readonly settings: StoreSettings;
  readonly sealer: Sealer | undefined;
  readonly key: Uint8Array | undefined;
}

const LOG_PENDING =
  "the write-ahead log, which holds what the old key opens, is emptied when no other process reads the file";

class SqliteStore implements GalleryStore {
  readonly kind = "sqlite";
  readonly place: string;
  readonly settings: StoreSettings;
  readonly #db: Connection;
  readonly #codes: LoadedCodes;
  readonly #sealer: Sealer | undefined;
  readonly #checksums: Checksums | undefined;
  #removing: Promise<unknown> = Promise.resolve();

  constructor(db: Connection, { place, settings, sealer, key }: Parts) {
    this.place = place;
    this.settings = settings;
    this.#db = db;
    this.#codes = new LoadedCodes(db, settings.codeBytes);
    this.#sealer = sealer;
    this.#checksums = sealer && createChecksums(settings.keyCheck === "" ? undefined : key);
  }

  /** For what is to be written. */
  get #sums(): Checksums {
    if (this.#checksums) return this.#checksums;
    throw new InputError(`${this.place}: this gallery is encrypted; to change it, its key is needed`);
  }

  async count(wanted: Filter = []) {
    const filter = checkedFilter(wanted);
    const { sql, values } = facesThatMeet(filter);
    const [people, faces] =
      filter.length === 0
        ? this.#db.get<[number, number]>(
            "SELECT (SELECT count(*) FROM people), (SELECT count(*) FROM faces)",
          )!
        : this.#db.get<[number, number]>(
            `SELECT count(DISTINCT person), count(*) FROM faces WHERE id IN (${sql})`,
            ...values,
          )!;
    return { people, faces };
  }

  async people(page: Page = {}): Promise<Person[]> {
    const { after, limit } = checkPage(page);
    return this.#db
      .all<PersonRow>(`${PERSON} WHERE name > ? ORDER BY name LIMIT ?`, after, limit)
      .map(asPerson);
  }

  async person(who: PersonKey): Promise<Person | undefined> {
    return this.#find(who);
  }

  async facesOf(people: readonly number[]): Promise<StoredFace[]> {
    return this.#db
      .all<FaceRow>(
        `${FACE} WHERE person IN (SELECT value FROM json_each(?)) ORDER BY id`,
        JSON.stringify(people),
      )
      .map((row) => asFace(row, this.#checksums));
  }

  async faces(ids: readonly number[]): Promise<StoredFace[]> {
    return this.#db
      .all<FaceRow>(`${FACE} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id`, JSON.stringify(ids))
      .map((row) => asFace(row, this.#checksums));
  }

  async valuesThere(field: string, values: readonly string[]): Promise<string[]> {
    const found = this.#db.get<[string]>(
      `SELECT json_group_array(DISTINCT value) FROM field_values
       WHERE name = ? AND kind = ? AND value IN (SELECT value FROM json_each(?))`,
      field,
      kindOf(""),
      JSON.stringify(values),
    )!;
    return JSON.parse(found[0]);
  }

  async thumbnail(face: number) {
    const row = this.#db.get<[Uint8Array | null, Uint8Array]>(
      "SELECT thumbnail, code FROM faces WHERE id = ?",
      face,
    );
    return row?.[0] ? { bytes: row[0], code: row[1] } : undefined;
  }

  async add(faces: readonly NewFace[]): Promise<number[]> {
    const [sums, checked] = [this.#sums, checkedFaces(faces, this.settings)];
    return this.#change(() => checked.map((face) => this.#insert(face, sums)));
  }

  async addMissing(faces: readonly NewFace[], sameness: Sameness): Promise<number> {
    const [sums, checked] = [this.#sums, checkedFaces(faces, this.settings)];
    return this.#change(() => {
      const missing = checked.filter((face, i) => {
        const isMissing = !this.#isThere(face, sameness, i);
        if (isMissing) this.#insert(face, sums);
        return isMissing;
      });
      return missing.length;
    });
  }

  #insert(face: NewFace, sums: Checksums): number {
    return insertFace(this.#db, sums, personFor(this.#db, sums, face.person), face);
  }

  #isThere(face: NewFace, sameness: Sameness, i: number): boolean {
    if (!("field" in sameness)) {
      const alike = this.#db.get<[number]>(
        "SELECT count(*) FROM faces WHERE digest = ?",
        contentDigest(face),
      )!;
      return alike[0] >= sameness.nth[i];
    }
    const { field } = sameness;
    const value = face.fields?.[field];
    if (value === undefined) return false;
    const { sql, values } = facesThatMeet([{ field, equals: value }]);
    return this.#db.get(`${sql} LIMIT 1`, ...values) !== undefined;
  }

  async check(): Promise<CheckResult> {
    return checkFile(this.#inspected);
  }

  async *salvage(onDamage: (damage: Damage) => void): AsyncGenerator<SalvagedFace> {
    yield* salvageFile(this.#inspected, onDamage);
  }

  get #inspected() {
    return { db: this.#db, settings: this.settings, checksums: this.#checksums, sealer: this.#sealer };
  }

  async rename(who: PersonKey, given: string): Promise<void> {
    const [sums, to] = [this.#sums, checkedName(given)];
    await this.#change(() => {
      const { id } = this.#known(who);
      const taken = this.#db.get<[number]>("SELECT id FROM people WHERE name = ?", to);
      if (taken && taken[0] !== id) throw nameTaken(to);
      const checksum = sums.person(id, to);
      this.#db.run("UPDATE people SET name = ?, checksum = ? WHERE id = ?", to, checksum, id);
    });
  }

  async merge(who: PersonKey, into: PersonKey): Promise<number> {
    const sums = this.#sums;
    return this.#change(() => {
      const from = this.#known(who);
      const { id } = this.#known(into);
      checkMerge(from.name, from.id, id);
      const faces = this.#db.all<[number]>("SELECT id FROM faces WHERE person = ?", from.id);
      giveFaces(this.#db, sums, faces.flat(), id);
      this.#db.run("DELETE FROM people WHERE id = ?", from.id);
      return from.faces;
    });
  }

  async moveFace(face: number, given: string): Promise<Person> {
    const [sums, to] = [this.#sums, checkedName(given)];
    return this.#change(() => {
      const row = this.#db.get<[number]>("SELECT person FROM faces WHERE id = ?", face);
      if (!row) throw unknownFace(face);
      const person = personFor(this.#db, sums, to);
      giveFaces(this.#db, sums, [face], person);
      this.#db.run(
        "DELETE FROM people WHERE id = ? AND NOT EXISTS (SELECT 1 FROM faces WHERE person = people.id)",
        row[0],
      );
      return this.#known(person);
    });
  }

  removePerson(who: PersonKey): Promise<Removal> {
    return this.#remove(() => {
      const person = this.#known(who);
      const ids = this.#db.all<[number]>("SELECT id FROM faces WHERE person = ? ORDER BY id", person.id);
      return eraseFaces(this.#db, person, ids.flat());
    });
  }

  removeFace(face: number): Promise<Removal> {
    return this.#remove(() => {
      const row = this.#db.get<[number]>("SELECT person FROM faces WHERE id = ?", face);
      if (!row) throw unknownFace(face);
      return eraseFaces(this.#db, this.#known(row[0]), [face]);
    });
  }

  /** One after the other, from the deletion to its check: two with the same content would find each other's. */
  #remove(erase: () => Erased): Promise<Removal> {
    const removed = this.#removing.then(async () => {
      const erased = await this.#db.change(erase);
      if (this.#codes.loaded) await this.load().catch(() => {}); // codes in memory, too; else the next search does it
      return verifyErasure(this.#db, this.place, erased);
    });
    this.#removing = removed.catch(() => {});
    return removed;
  }

  /** All of `work` or none of it, unless the gallery has another key by now. */
  #change<T>(work: () => T): Promise<T> {
    return this.#db.change(() => {
      const [check] = this.#db.get<[string]>("SELECT value FROM settings WHERE name = 'keyCheck'")!;
      if (check !== this.settings.keyCheck) throw keyChanged(this.place);
      return work();
    });
  }

  async receipts(page?: ReceiptPage): Promise<KeptRemoval[]> {
    return readReceipts(this.#db, checkReceiptPage(page));
  }

  async receipt(id: number): Promise<KeptRemoval | undefined> {
    return readReceipt(this.#db, id);
  }

  /** Empties the write-ahead log, where what was overwritten still is; whether it could. */
  #emptyLog(): boolean {
    try {
      const [busy] = this.#db.waiting(READER_MS, () =>
        this.#db.get<[number, number, number]>("PRAGMA wal_checkpoint(TRUNCATE)"),
      )!;
      return busy === 0;
    } catch {
      return false;
    }
  }

  async rekey(key: Uint8Array | undefined, onDamage: (damage: Damage) => void): Promise<Rekeyed> {
    const checksums = this.#sums; // refuses whoever lacks the present key
    const from = { sealer: this.#sealer!, checksums };
    const to = { sealer: key ? createSealer(key) : noSealer, checksums: createChecksums(key) };
    const done = await this.#change(() => rekeyFile(this.#db, from, to, onDamage));
    return { ...done, pending: this.#emptyLog() ? [] : [LOG_PENDING] };
  }

  async nearest(code: Uint8Array, k: number, wanted: Filter = []): Promise<Hit[]> {
    const filter = checkNearest(code, k, wanted, this.settings);
    await this.load();
    const only = filter.length > 0 ? this.#facesThatMeet(filter) : undefined;
    const found = await this.#codes.index.nearest(code, k, only);
    const people = new Map(
      this.#db
        .all<[number, number, string]>(
          `SELECT f.id, p.id, p.name FROM faces f JOIN people p ON p.id = f.person
           WHERE f.id IN (SELECT value FROM json_each(?))`,
          JSON.stringify(found.map(({ id }) => id)),
        )
        .map(([face, id, name]) => [face, { id, name }]),
    );
    return found.flatMap(({ id, distance }) => {
      const person = people.get(id); // undefined if it was removed meanwhile
      return person ? [{ face: id, person, distance }] : [];
    });
  }

  #facesThatMeet(filter: Filter): number[] {
    const { sql, values } = facesThatMeet(filter);
    return JSON.parse(this.#db.get<[string]>(`SELECT json_group_array(face) FROM (${sql})`, ...values)![0]);
  }

  async close(): Promise<void> {
    await this.#removing;
    await this.#codes.close();
    this.#db.close();
  }

  load(): Promise<void> {
    return this.#codes.load();
  }

  #find(who: PersonKey): Person | undefined {
    const column = typeof who === "number" ? "id" : "name";
    const row = this.#db.get<PersonRow>(`${PERSON} WHERE ${column} = ?`, keyOf(who));
    return row && asPerson(row);
  }

  #known(who: PersonKey): Person {
    const person = this.#find(who);
    if (!person) throw unknownPerson(who);
    return person;
  }
}
