/**
 * A gallery in PostgreSQL, on one server or with its faces spread over several. Everything is searched where it lies:
 * each partition gives its k nearest, the coordinator merges them. A process that may hold codes in its own memory
 * searches there (heldCodes.ts).
 */
import { InputError } from "../../../base/errors/index.ts";
import { checkedFaces, checkedName, checkMerge, checkSame, keyChanged, nameTaken } from "../check.ts";
import { type Checksums, createChecksums } from "../checksums.ts";
import { anotherChange, type ModelChange, needsPicture } from "../modelChange.ts";
import { createSealer, noSealer, sealerOf } from "../seal.ts";
import type {
  GalleryStore,
  MemoryOptions,
  NewFace,
  Person,
  PersonKey,
  Rekeyed,
  RekeyOptions,
  Removal,
  Sameness,
  StoreSettings,
} from "../store.ts";
import { readApproximate } from "./approximate.ts";
import { connectTo, type Queries, type Server } from "./connection.ts";
import { type Erased, erase, forgetIfFaceless, REWRITING } from "./erase.ts";
import { insertFaces, missingOf } from "./faces.ts";
import { checkModel, type PresentSettings, readPresent } from "./model.ts";
import { PostgresModelChange } from "./modelChange.ts";
import { SCHEMA } from "./names.ts";
import { type PostgresParts, PostgresReader } from "./reader.ts";
import { finishReceipt } from "./receipts.ts";
import { rekeyTables } from "./rekey.ts";
import { giveFaces, locked, ownerOf, peopleWhere, personIds } from "./rows.ts";
import { type OpenTables, openTables } from "./schema.ts";

/** Held while faces are added that may be there already. */
const ADD_MISSING = 0x44694433;

interface OpenPostgres {
  readonly create: boolean;
  readonly codesAlone: boolean;
  readonly earlier?: StoreSettings;
  readonly key?: Uint8Array;
  readonly memory?: MemoryOptions;
  readonly approximate?: boolean;
}

/** Opens the gallery at `url`; made on that one server if it is not there and may be. See openStore. */
export async function openPostgresStore(
  url: string,
  settings: StoreSettings | undefined,
  { create, codesAlone, earlier, key, memory, approximate }: OpenPostgres,
): Promise<GalleryStore> {
  const server = connectTo(url);
  try {
    const found = await openTables(server, { wanted: create ? settings : undefined, key });
    if (settings) checkSame(server.place, found.settings, settings, { codesAlone, earlier });
    if (approximate) await readApproximate(server, found); // refuses where there is no index
    const sealer = sealerOf(server.place, found.settings.keyCheck, key);
    return new PostgresStore(server, found, { sealer, key, memory, approximate, url });
  } catch (error) {
    await server.close();
    throw error;
  }
}

class PostgresStore extends PostgresReader implements GalleryStore {
  readonly change: ModelChange;

  constructor(server: Server, found: OpenTables, parts: PostgresParts & { readonly url: string }) {
    super(server, found, parts);
    this.change = new PostgresModelChange({ ...found, url: parts.url, server, checksums: this.checksums });
  }

  /** For what is to be written. */
  get #sums(): Checksums {
    if (this.checksums) return this.checksums;
    throw new InputError(`${this.place}: this gallery is encrypted; to change it, its key is needed`);
  }

  #insert(db: Queries, faces: readonly NewFace[], sums: Checksums): Promise<number[]> {
    return insertFaces(db, faces, { settings: this.settings, sums });
  }

  async add(given: readonly NewFace[]): Promise<number[]> {
    const [sums, faces] = [this.#sums, checkedFaces(given, this.settings)];
    if (faces.length === 0) return [];
    return this.server.transaction(async (db) => {
      this.#checkPictures(await this.#check(db), faces);
      return this.#insert(db, faces, sums);
    });
  }

  async addMissing(given: readonly NewFace[], sameness: Sameness): Promise<number> {
    const [sums, faces] = [this.#sums, checkedFaces(given, this.settings)];
    if (faces.length === 0) return 0;
    return this.server.transaction(async (db) => {
      const present = await this.#check(db);
      await db.query("SELECT pg_advisory_xact_lock($1)", [ADD_MISSING]); // who adds the same waits, and finds it there
      const missing = await missingOf(db, faces, sameness);
      this.#checkPictures(present, missing);
      if (missing.length > 0) await this.#insert(db, missing, sums);
      return missing.length;
    });
  }

  async rename(who: PersonKey, given: string): Promise<void> {
    const [sums, to] = [this.#sums, checkedName(given)];
    await this.server.transaction(async (db) => {
      await this.#check(db);
      const { id } = await locked(db, who);
      const { rows } = await db.query(`SELECT id FROM ${SCHEMA}.people WHERE name = $1 AND id <> $2`, [
        to,
        id,
      ]);
      if (rows.length > 0) throw nameTaken(to);
      await db.query(`UPDATE ${SCHEMA}.people SET name = $1, checksum = $2 WHERE id = $3`, [
        to,
        sums.person(id, to),
        id,
      ]);
    });
  }

  async merge(who: PersonKey, into: PersonKey): Promise<number> {
    const sums = this.#sums;
    return this.server.transaction(async (db) => {
      const { next } = await this.#check(db);
      const from = await locked(db, who);
      const { id } = await locked(db, into);
      checkMerge(from.name, from.id, id);
      const faces = await giveFaces(db, ["person", from.id], { person: id, sums, next });
      await db.query(`DELETE FROM ${SCHEMA}.people WHERE id = $1`, [from.id]);
      return faces;
    });
  }

  async moveFace(face: number, given: string): Promise<Person> {
    const [sums, to] = [this.#sums, checkedName(given)];
    return this.server.transaction(async (db) => {
      const { next } = await this.#check(db);
      const from = await ownerOf(db, face);
      const person = (await personIds(db, [to], sums)).get(to)!;
      await giveFaces(db, ["id", face], { person, sums, next });
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
    const erased = await this.server.transaction(work);
    try {
      const { rows } = await this.server.query(`SELECT id FROM ${SCHEMA}.faces WHERE id = ANY ($1)`, [
        erased.faces,
      ]);
      if (rows.length > 0) throw new Error(`${rows.length} erased faces are still there`);
      const { person, ...kept } = erased;
      const removal = { ...kept, checks: ["no row of theirs is left on any server"], pending: [REWRITING] };
      await finishReceipt(this.server, removal).catch(() => {}); // what is kept says that the check is pending
      return { person, ...removal };
    } catch (error) {
      const pending = [`not all could be checked: ${(error as Error).message}`, REWRITING];
      return { ...erased, pending };
    }
  }

  async rekey(key: Uint8Array | undefined, options: RekeyOptions): Promise<Rekeyed> {
    const sums = this.#sums; // refuses whoever lacks the present key
    const from = { sealer: this.sealer!, sums };
    const to = { sealer: key ? createSealer(key) : noSealer, sums: createChecksums(key) };
    return this.server.transaction(async (db) => {
      const { next } = await this.#check(db, "FOR UPDATE"); // waits for whoever is adding faces
      if (next) throw anotherChange(this.place, next);
      const done = await rekeyTables(db, from, to, options);
      return { ...done, pending: [REWRITING] };
    });
  }

  /** Within a transaction: refuses where the gallery has another key or model by now, and keeps both from being changed. */
  async #check(db: Queries, lock: "FOR SHARE" | "FOR UPDATE" = "FOR SHARE"): Promise<PresentSettings> {
    const present = await readPresent(db, lock);
    if (present.keyCheck !== this.settings.keyCheck) throw keyChanged(this.place);
    checkModel(this.place, present, this.settings.model);
    return present;
  }

  #checkPictures({ next }: PresentSettings, faces: readonly NewFace[]): void {
    if (next && faces.some(({ thumbnail }) => !thumbnail)) throw needsPicture(this.place, next);
  }

  async close(): Promise<void> {
    await this.memory?.close();
    await this.server.close();
  }
}
