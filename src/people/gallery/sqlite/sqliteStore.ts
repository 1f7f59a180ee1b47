/**
 * A gallery in an SQLite file. The file is the record; codes are read into memory when it is opened and searched
 * there. Several processes may use one file: each search takes up first what others have added and erased.
 */
import {
  checkFaces,
  checkMerge,
  checkName,
  checkNearest,
  checkPage,
  checkSame,
  checkSettings,
  nameTaken,
  unknownFace,
  unknownPerson,
} from "../check.ts";
import { checkFilter, type Fields, type Filter } from "../filter.ts";
import type {
  GalleryStore,
  Hit,
  NewFace,
  Page,
  Person,
  PersonKey,
  Removal,
  StoredFace,
  StoreSettings,
} from "../store.ts";
import { type Connection, connect } from "./connection.ts";
import { type Erased, eraseFaces, verifyErasure } from "./erase.ts";
import { asValue, facesThatMeet, kindOf } from "./filterSql.ts";
import { LoadedCodes } from "./loadedCodes.ts";
import { migrate } from "./schema.ts";
import { readSettings, writeSettings } from "./settings.ts";

/** Opens the gallery in the file at `path`; see openStore. */
export async function openSqliteStore(
  path: string,
  settings: StoreSettings | undefined,
  { create, codesAlone = false }: { readonly create: boolean; readonly codesAlone?: boolean },
): Promise<GalleryStore> {
  if (settings) checkSettings(settings);
  const db = connect(path, { create });
  try {
    migrate(db, path);
    const found = db.transaction(
      () => readSettings(db, path) ?? writeSettings(db, path, create ? settings : undefined),
    );
    if (settings) checkSame(path, found, settings, codesAlone);
    return new SqliteStore(db, path, found);
  } catch (error) {
    db.close();
    throw error;
  }
}

class SqliteStore implements GalleryStore {
  readonly kind = "sqlite";
  readonly #db: Connection;
  readonly #codes: LoadedCodes;

  constructor(
    db: Connection,
    readonly place: string,
    readonly settings: StoreSettings,
  ) {
    this.#db = db;
    this.#codes = new LoadedCodes(db, settings.codeBytes);
  }

  async count(filter: Filter = []) {
    checkFilter(filter);
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
    const column = typeof who === "number" ? "id" : "name";
    const row = this.#db.get<PersonRow>(`${PERSON} WHERE ${column} = ?`, who);
    return row && asPerson(row);
  }

  async facesOf(people: readonly number[]): Promise<StoredFace[]> {
    return this.#db
      .all<FaceRow>(
        `${FACE} WHERE person IN (SELECT value FROM json_each(?)) ORDER BY id`,
        JSON.stringify(people),
      )
      .map(asFace);
  }

  async faces(ids: readonly number[]): Promise<StoredFace[]> {
    return this.#db
      .all<FaceRow>(`${FACE} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id`, JSON.stringify(ids))
      .map(asFace);
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
    checkFaces(faces, this.settings);
    return this.#db.transaction(() => faces.map((face) => this.#insert(face)));
  }

  #insert({ person, code, vector, thumbnail, fields = {} }: NewFace): number {
    const db = this.#db;
    const owner = this.#personFor(person);
    const face = db.run(
      "INSERT INTO faces (person, code, fields, vector, thumbnail) VALUES (?, ?, ?, ?, ?)",
      owner,
      code,
      JSON.stringify(fields),
      vector ?? null,
      thumbnail ?? null,
    );
    for (const [name, value] of Object.entries(fields)) {
      db.run("INSERT INTO field_values VALUES (?, ?, ?, ?)", name, kindOf(value), asValue(value), face);
    }
    return face;
  }

  #personFor(name: string): number {
    const known = this.#db.get<[number]>("SELECT id FROM people WHERE name = ?", name);
    return known ? known[0] : this.#db.run("INSERT INTO people (name) VALUES (?)", name);
  }

  async rename(who: PersonKey, to: string): Promise<void> {
    checkName(to);
    this.#db.transaction(() => {
      const { id } = this.#known(who);
      const taken = this.#db.get<[number]>("SELECT id FROM people WHERE name = ?", to);
      if (taken && taken[0] !== id) throw nameTaken(to);
      this.#db.run("UPDATE people SET name = ? WHERE id = ?", to, id);
    });
  }

  async merge(who: PersonKey, into: PersonKey): Promise<number> {
    return this.#db.transaction(() => {
      const from = this.#known(who);
      const { id } = this.#known(into);
      checkMerge(from.name, from.id, id);
      this.#db.run("UPDATE faces SET person = ? WHERE person = ?", id, from.id);
      this.#db.run("DELETE FROM people WHERE id = ?", from.id);
      return from.faces;
    });
  }

  async moveFace(face: number, to: string): Promise<Person> {
    checkName(to);
    return this.#db.transaction(() => {
      const row = this.#db.get<[number]>("SELECT person FROM faces WHERE id = ?", face);
      if (!row) throw unknownFace(face);
      const person = this.#personFor(to);
      this.#db.run("UPDATE faces SET person = ? WHERE id = ?", person, face);
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

  async #remove(erase: () => Erased): Promise<Removal> {
    const erased = this.#db.transaction(erase);
    if (this.#codes.loaded) await this.load(); // forgets the codes in memory, too
    return verifyErasure(this.#db, this.place, erased);
  }

  async nearest(code: Uint8Array, k: number, filter: Filter = []): Promise<Hit[]> {
    checkNearest(code, k, filter, this.settings);
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
    await this.#codes.close();
    this.#db.close();
  }

  load(): Promise<void> {
    return this.#codes.load();
  }

  #known(who: PersonKey): Person {
    const column = typeof who === "number" ? "id" : "name";
    const row = this.#db.get<PersonRow>(`${PERSON} WHERE ${column} = ?`, who);
    if (!row) throw unknownPerson(who);
    return asPerson(row);
  }
}

const FACE = "SELECT id, person, code, vector, fields FROM faces";
const PERSON = "SELECT id, name, (SELECT count(*) FROM faces WHERE person = people.id) FROM people";
type PersonRow = readonly [id: number, name: string, faces: number];
type FaceRow = readonly [number, number, Uint8Array, Uint8Array | null, string];

const asPerson = ([id, name, faces]: PersonRow): Person => ({ id, name, faces });

const asFace = ([id, person, code, vector, fields]: FaceRow): StoredFace => ({
  id,
  person,
  code,
  ...(vector && { vector }),
  fields: JSON.parse(fields) as Fields,
});
