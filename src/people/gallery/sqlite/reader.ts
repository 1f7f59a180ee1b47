/** What a gallery in an SQLite file is asked: reading changes nothing. */
import { checkNearest, checkPage, checkReceiptPage, keyOf, unknownPerson } from "../check.ts";
import { type Checksums, createChecksums } from "../checksums.ts";
import { checkedFilter, type Filter } from "../filter.ts";
import { ModelChanged } from "../modelChange.ts";
import type { Sealer } from "../seal.ts";
import type {
  CheckResult,
  Damage,
  Hit,
  KeptRemoval,
  Page,
  Person,
  PersonKey,
  ReceiptPage,
  SalvagedFace,
  StoredFace,
  StoreSettings,
} from "../store.ts";
import type { Connection } from "./connection.ts";
import { facesThatMeet, kindOf } from "./filterSql.ts";
import { checkFile, salvageFile } from "./inspect.ts";
import { LoadedCodes } from "./loadedCodes.ts";
import { readReceipt, readReceipts } from "./receipts.ts";
import { asFace, asPerson, FACE_OF_MODEL, type ModelFaceRow, PERSON, type PersonRow } from "./rows.ts";
import { readSetting } from "./settings.ts";

export interface SqliteParts {
  readonly place: string;
  readonly settings: StoreSettings;
  /** Undefined where the gallery is encrypted and its key was not given. */
  readonly sealer: Sealer | undefined;
  readonly key: Uint8Array | undefined;
}

export class SqliteReader {
  readonly kind = "sqlite";
  readonly place: string;
  readonly settings: StoreSettings;
  protected readonly db: Connection;
  protected readonly codes: LoadedCodes;
  protected readonly sealer: Sealer | undefined;
  protected readonly checksums: Checksums | undefined;

  constructor(db: Connection, { place, settings, sealer, key }: SqliteParts) {
    this.place = place;
    this.settings = settings;
    this.db = db;
    this.codes = new LoadedCodes(db, settings);
    this.sealer = sealer;
    this.checksums = sealer && createChecksums(settings.keyCheck === "" ? undefined : key);
  }

  async count(wanted: Filter = []) {
    const filter = checkedFilter(wanted);
    const { sql, values } = facesThatMeet(filter);
    const [people, faces] =
      filter.length === 0
        ? this.db.get<[number, number]>("SELECT (SELECT count(*) FROM people), (SELECT count(*) FROM faces)")!
        : this.db.get<[number, number]>(
            `SELECT count(DISTINCT person), count(*) FROM faces WHERE id IN (${sql})`,
            ...values,
          )!;
    return { people, faces };
  }

  async people(page: Page = {}): Promise<Person[]> {
    const { after, limit } = checkPage(page);
    return this.db
      .all<PersonRow>(`${PERSON} WHERE name > ? ORDER BY name LIMIT ?`, after, limit)
      .map(asPerson);
  }

  async person(who: PersonKey): Promise<Person | undefined> {
    return this.#find(who);
  }

  async facesOf(people: readonly number[]): Promise<StoredFace[]> {
    return this.#faces("person", people);
  }

  async faces(ids: readonly number[]): Promise<StoredFace[]> {
    return this.#faces("id", ids);
  }

  #faces(column: "id" | "person", values: readonly number[]): StoredFace[] {
    const rows = this.db.all<ModelFaceRow>(
      `${FACE_OF_MODEL} WHERE ${column} IN (SELECT value FROM json_each(?)) ORDER BY id`,
      JSON.stringify(values),
    );
    if (rows.length > 0) this.checkModel(rows[0][6]);
    return rows.map(([id, person, code, vector, fields, checksum]) =>
      asFace([id, person, code, vector, fields, checksum], this.checksums),
    );
  }

  /** Refuses where the gallery has another model by now. */
  protected checkModel(model: string): void {
    if (model === this.settings.model) return;
    throw new ModelChanged(this.place, readSetting(this.db, "modelName") ?? model);
  }

  async valuesThere(field: string, values: readonly string[]): Promise<string[]> {
    const found = this.db.get<[string]>(
      `SELECT json_group_array(DISTINCT value) FROM field_values
       WHERE name = ? AND kind = ? AND value IN (SELECT value FROM json_each(?))`,
      field,
      kindOf(""),
      JSON.stringify(values),
    )!;
    return JSON.parse(found[0]);
  }

  async thumbnail(face: number) {
    const row = this.db.get<[Uint8Array | null, Uint8Array]>(
      "SELECT thumbnail, code FROM faces WHERE id = ?",
      face,
    );
    return row?.[0] ? { bytes: row[0], code: row[1] } : undefined;
  }

  async check(signal?: AbortSignal): Promise<CheckResult> {
    const found = await checkFile(this.#inspected, signal);
    this.checkModel(readSetting(this.db, "model")!);
    return found;
  }

  async *salvage(onDamage: (damage: Damage) => void): AsyncGenerator<SalvagedFace> {
    yield* salvageFile(this.#inspected, onDamage);
  }

  get #inspected() {
    return { db: this.db, settings: this.settings, checksums: this.checksums, sealer: this.sealer };
  }

  async receipts(page?: ReceiptPage): Promise<KeptRemoval[]> {
    return readReceipts(this.db, checkReceiptPage(page));
  }

  async receipt(id: number): Promise<KeptRemoval | undefined> {
    return readReceipt(this.db, id);
  }

  async nearest(code: Uint8Array, k: number, wanted: Filter = []): Promise<Hit[]> {
    const filter = checkNearest(code, k, wanted, this.settings);
    await this.load();
    const only = filter.length > 0 ? this.#facesThatMeet(filter) : undefined;
    const found = await this.codes.index.nearest(code, k, only);
    const people = new Map(
      this.db
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
    return JSON.parse(this.db.get<[string]>(`SELECT json_group_array(face) FROM (${sql})`, ...values)![0]);
  }

  async load(): Promise<void> {
    this.checkModel(await this.codes.load());
  }

  #find(who: PersonKey): Person | undefined {
    const column = typeof who === "number" ? "id" : "name";
    const row = this.db.get<PersonRow>(`${PERSON} WHERE ${column} = ?`, keyOf(who));
    return row && asPerson(row);
  }

  protected known(who: PersonKey): Person {
    const person = this.#find(who);
    if (!person) throw unknownPerson(who);
    return person;
  }
}
