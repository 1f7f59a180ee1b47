/**
 * A gallery in PostgreSQL, on one server or with its faces spread over several. Everything is searched where it lies:
 * each partition gives its k nearest, the coordinator merges them.
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
  keyChanged,
  keyOf,
  nameTaken,
} from "../check.ts";
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
import { vectorProblem } from "../vectors.ts";
import { connectTo, type Queries, type Server } from "./connection.ts";
import { type Erased, erase, forgetIfFaceless, REWRITING } from "./erase.ts";
import { allFaces, insertFaces, missingOf } from "./faces.ts";
import { pathOf } from "./filterPath.ts";
import { nearestSql } from "./nearestSql.ts";
import { finishReceipt, readReceipt, readReceipts } from "./receipts.ts";
import { rekeyTables } from "./rekey.ts";
import { bitsOf, codeFrom, facesWhere, locked, ownerOf, peopleWhere, personIds } from "./rows.ts";
import { type OpenTables, openTables, SCHEMA } from "./schema.ts";

/** Held while faces are added that may be there already. */
const ADD_MISSING = 0x44694433;

interface OpenPostgres {
  readonly create: boolean;
  readonly codesAlone: boolean;
  readonly key?: Uint8Array;
}

/** Opens the gallery at `url`; made on that one server if it is not there and may be. See openStore. */
export async function openPostgresStore(
  url: string,
  settings: StoreSettings | undefined,
  { create, codesAlone, key }: OpenPostgres,
): Promise<GalleryStore> {
  const server = connectTo(url);
  try {
    const found = await openTables(server, create ? settings : undefined);
    if (settings) checkSame(server.place, found.settings, settings, codesAlone);
    const sealer = sealerOf(server.place, found.settings.keyCheck, key);
    return new PostgresStore(server, found, sealer);
  } catch (error) {
    await server.close();
    throw error;
  }
}

class PostgresStore implements GalleryStore {
  readonly kind = "postgres";
  readonly place: string;
  readonly settings: StoreSettings;
  readonly #server: Server;
  readonly #partitions: number;

  readonly #sealer: Sealer | undefined;

  constructor(server: Server, { settings, partitions }: OpenTables, sealer: Sealer | undefined) {
    this.#sealer = sealer;
    this.place = server.place;
    this.settings = settings;
    this.#server = server;
    this.#partitions = partitions;
  }

  async count(wanted: Filter = []) {
    const filter = checkedFilter(wanted);
    const path = pathOf(filter);
    if (path === undefined) return { people: 0, faces: 0 };
    const { rows } =
      filter.length === 0
        ? await this.#server.query(
            `SELECT (SELECT count(*) FROM ${SCHEMA}.people) AS people, (SELECT count(*) FROM ${SCHEMA}.faces) AS faces`,
          )
        : await this.#server.query(
            `SELECT count(DISTINCT person) AS people, count(*) AS faces FROM ${SCHEMA}.faces WHERE fields @@ $1::jsonpath`,
            [path],
          );
    return { people: Number(rows[0].people), faces: Number(rows[0].faces) };
  }

  async people(page: Page = {}): Promise<Person[]> {
    const { after, limit } = checkPage(page);
    return peopleWhere(this.#server, "name > $1 ORDER BY name LIMIT $2", [after, limit]);
  }

  async person(who: PersonKey): Promise<Person | undefined> {
    const column = typeof who === "number" ? "id" : "name";
    return (await peopleWhere(this.#server, `${column} = $1`, [keyOf(who)]))[0];
  }

  async facesOf(people: readonly number[]): Promise<StoredFace[]> {
    return facesWhere(this.#server, "person", people);
  }

  async faces(ids: readonly number[]): Promise<StoredFace[]> {
    return facesWhere(this.#server, "id", ids);
  }

  async valuesThere(field: string, values: readonly string[]): Promise<string[]> {
    const { rows } = await this.#server.query(
      `SELECT DISTINCT fields ->> $1::text AS value FROM ${SCHEMA}.faces WHERE fields ->> $1::text = ANY ($2::text[])`,
      [field, values],
    );
    return rows.map(({ value }) => value);
  }

  async load(): Promise<void> {}

  async thumbnail(face: number) {
    const { rows } = await this.#server.query(
      `SELECT thumbnail, code::text FROM ${SCHEMA}.faces WHERE id = $1`,
      [face],
    );
    return rows[0]?.thumbnail ? { bytes: rows[0].thumbnail, code: codeFrom(rows[0].code) } : undefined;
  }

  async add(given: readonly NewFace[]): Promise<number[]> {
    const faces = checkedFaces(given, this.settings);
    if (faces.length === 0) return [];
    return this.#server.transaction(async (db) => {
      await this.#checkKey(db);
      return insertFaces(db, faces, this.settings);
    });
  }

  async addMissing(given: readonly NewFace[], sameness: Sameness): Promise<number> {
    const faces = checkedFaces(given, this.settings);
    if (faces.length === 0) return 0;
    return this.#server.transaction(async (db) => {
      await this.#checkKey(db);
      await db.query("SELECT pg_advisory_xact_lock($1)", [ADD_MISSING]); // who adds the same waits, and finds it there
      const missing = await missingOf(db, faces, sameness);
      if (missing.length > 0) await insertFaces(db, missing, this.settings);
      return missing.length;
    });
  }

  async check(): Promise<CheckResult> {
    const damage: Damage[] = [];
    let faces = 0;
    for await (const { id, name, ...face } of allFaces(this.#server, (found) => damage.push(found))) {
      faces++;
      const reason = vectorProblem(face, this.settings, this.#sealer);
      if (reason !== undefined) damage.push({ face: id, name, reason });
    }
    const { people } = await this.count();
    return { people, faces, checksums: "none", damage };
  }

  async *salvage(onDamage: (damage: Damage) => void): AsyncGenerator<SalvagedFace> {
    for await (const face of allFaces(this.#server, onDamage)) {
      const reason = vectorProblem(face, this.settings, this.#sealer);
      if (reason === undefined) yield face;
      else onDamage({ face: face.id, name: face.name, reason });
    }
  }

  async rename(who: PersonKey, given: string): Promise<void> {
    const to = checkedName(given);
    await this.#server.transaction(async (db) => {
      const { id } = await locked(db, who);
      const { rows } = await db.query(`SELECT id FROM ${SCHEMA}.people WHERE name = $1 AND id <> $2`, [
        to,
        id,
      ]);
      if (rows.length > 0) throw nameTaken(to);
      await db.query(`UPDATE ${SCHEMA}.people SET name = $1 WHERE id = $2`, [to, id]);
    });
  }

  merge(who: PersonKey, into: PersonKey): Promise<number> {
    return this.#server.transaction(async (db) => {
      const from = await locked(db, who);
      const { id } = await locked(db, into);
      checkMerge(from.name, from.id, id);
      const { rowCount } = await db.query(`UPDATE ${SCHEMA}.faces SET person = $1 WHERE person = $2`, [
        id,
        from.id,
      ]);
      await db.query(`DELETE FROM ${SCHEMA}.people WHERE id = $1`, [from.id]);
      return rowCount ?? 0;
    });
  }

  async moveFace(face: number, given: string): Promise<Person> {
    const to = checkedName(given);
    return this.#server.transaction(async (db) => {
      const from = await ownerOf(db, face);
      const person = (await personIds(db, [to])).get(to)!;
      await db.query(`UPDATE ${SCHEMA}.faces SET person = $1 WHERE id = $2`, [person, face]);
      await forgetIfFaceless(db, from.id);
      return (await peopleWhere(db, "id = $1", [person]))[0];
    });
  }

  removePerson(who: PersonKey): Promise<Removal> {
    return this.#remove(async (db) => {
      const person = await locked(db, who);
      return erase(db, person, "person", person.id);
    });
  }

  removeFace(face: number): Promise<Removal> {
    return this.#remove(async (db) => {
      return erase(db, await ownerOf(db, face), "id", face);
    });
  }

  /** Erases in a transaction, and looks again after its commit; what cannot be checked then is pending. */
  async #remove(work: (db: Queries) => Promise<Erased>): Promise<Removal> {
    const erased = await this.#server.transaction(work);
    try {
      const { rows } = await this.#server.query(`SELECT id FROM ${SCHEMA}.faces WHERE id = ANY ($1)`, [
        erased.faces,
      ]);
      if (rows.length > 0) throw new Error(`${rows.length} erased faces are still there`);
      const { person, ...kept } = erased;
      const removal = { ...kept, checks: ["no row of theirs is left on any server"], pending: [REWRITING] };
      await finishReceipt(this.#server, removal).catch(() => {}); // what is kept says that the check is pending
      return { person, ...removal };
    } catch (error) {
      const pending = [`not all could be checked: ${(error as Error).message}`, REWRITING];
      return { ...erased, pending };
    }
  }

  async receipts(page?: ReceiptPage): Promise<KeptRemoval[]> {
    return readReceipts(this.#server, checkReceiptPage(page));
  }

  async receipt(id: number): Promise<KeptRemoval | undefined> {
    return readReceipt(this.#server, id);
  }

  async rekey(key: Uint8Array | undefined, onDamage: (damage: Damage) => void): Promise<Rekeyed> {
    const { place } = this;
    const from = this.#sealer;
    if (!from)
      throw new InputError(
        `${place}: this gallery is encrypted; to change its key, the present one is needed`,
      );
    return this.#server.transaction(async (db) => {
      await this.#checkKey(db, "FOR UPDATE"); // waits for whoever is adding faces
      const done = await rekeyTables(db, from, key ? createSealer(key) : noSealer, onDamage);
      return { ...done, pending: [REWRITING] };
    });
  }

  /** Within a transaction: refuses where the gallery has another key by now, and keeps it from being changed. */
  async #checkKey(db: Queries, lock: "FOR SHARE" | "FOR UPDATE" = "FOR SHARE"): Promise<void> {
    const { rows } = await db.query(`SELECT value FROM ${SCHEMA}.settings WHERE name = 'keyCheck' ${lock}`);
    if (rows[0].value !== this.settings.keyCheck) throw keyChanged(this.place);
  }

  async nearest(code: Uint8Array, k: number, wanted: Filter = []): Promise<Hit[]> {
    const filter = checkNearest(code, k, wanted, this.settings);
    const path = pathOf(filter);
    if (path === undefined) return [];
    const filtered = filter.length > 0;
    const found = await this.#server.query(
      nearestSql(k, 8 * this.settings.codeBytes, this.#partitions, filtered),
      [bitsOf(code), ...(filtered ? [path] : [])],
    );
    const { rows } = await this.#server.query(`SELECT id, name FROM ${SCHEMA}.people WHERE id = ANY ($1)`, [
      [...new Set(found.rows.map(({ person }) => person))],
    ]);
    const names = new Map(rows.map(({ id, name }) => [id, name as string]));
    return found.rows.flatMap(({ id, person, distance }) => {
      const name = names.get(person); // undefined if the person was removed meanwhile
      if (name === undefined) return [];
      return [{ face: Number(id), person: { id: Number(person), name }, distance: Number(distance) }];
    });
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}
