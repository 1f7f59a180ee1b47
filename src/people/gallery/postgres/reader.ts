/** What a gallery in PostgreSQL is asked: reading changes nothing. */

import type { FoundCode } from "../../../matching/search/index.ts";
import { checkNearest, checkPage, checkReceiptPage, keyOf } from "../check.ts";
import { type Checksums, createChecksums } from "../checksums.ts";
import { checkedFilter, type Filter } from "../filter.ts";
import type { Sealer } from "../seal.ts";
import type {
  CheckResult,
  Damage,
  HeldStatus,
  Hit,
  KeptRemoval,
  MemoryOptions,
  Page,
  Person,
  PersonKey,
  ReceiptPage,
  SalvagedFace,
  StoredFace,
  StoreSettings,
} from "../store.ts";
import { codesIn } from "./approximate.ts";
import { inTime, type Queries, type Server } from "./connection.ts";
import { valuesThere } from "./faces.ts";
import { pathOf } from "./filterPath.ts";
import { nameFound, nameHeld, nameIfUnchanged } from "./found.ts";
import { HeldCodes } from "./heldCodes.ts";
import { checkTables, type Inspected, salvageTables } from "./inspect.ts";
import { checkModel, OtherModel, ofModel, readPresent } from "./model.ts";
import { SCHEMA } from "./names.ts";
import { nearestSql } from "./nearestSql.ts";
import { readReceipt, readReceipts } from "./receipts.ts";
import { bitsOf, codeFrom, facesWhere, peopleWhere } from "./rows.ts";
import type { OpenTables } from "./schema.ts";
import { type CodesInTables, nearestAbout, usesVector } from "./vector.ts";

/** SQLSTATE of bits of different lengths. */
const OTHER_LENGTH = "22026";

export interface PostgresParts {
  /** Undefined where the gallery is encrypted and its key was not given. */
  readonly sealer: Sealer | undefined;
  readonly key: Uint8Array | undefined;
  readonly memory?: MemoryOptions;
  /** Whether searches without a filter, where codes are not in memory, go by pgvector's index. */
  readonly approximate?: boolean;
}

export class PostgresReader {
  readonly kind = "postgres";
  readonly place: string;
  readonly settings: StoreSettings;
  protected readonly server: Server;
  protected readonly partitions: number;
  protected readonly sealer: Sealer | undefined;
  protected readonly checksums: Checksums | undefined;
  protected readonly memory: HeldCodes | undefined;
  readonly #waits: boolean;
  readonly #approximate: boolean;
  readonly #codes: CodesInTables;
  /** Whether the server has pgvector, once that was asked. */
  #vector: Promise<boolean> | undefined;

  constructor(
    server: Server,
    { settings, partitions }: OpenTables,
    { sealer, key, memory, approximate = false }: PostgresParts,
  ) {
    this.sealer = sealer;
    this.checksums = sealer && createChecksums(settings.keyCheck === "" ? undefined : key);
    this.memory = memory && new HeldCodes(server, { ...settings, partitions }, memory);
    this.#waits = memory?.wait ?? true;
    this.#approximate = approximate;
    this.#codes = codesIn({ settings, partitions });
    this.place = server.place;
    this.settings = settings;
    this.server = server;
    this.partitions = partitions;
  }

  async count(wanted: Filter = []) {
    const filter = checkedFilter(wanted);
    const path = pathOf(filter);
    if (path === undefined) return { people: 0, faces: 0 };
    const { rows } =
      filter.length === 0
        ? await this.server.query(
            `SELECT (SELECT count(*) FROM ${SCHEMA}.people) AS people, (SELECT count(*) FROM ${SCHEMA}.faces) AS faces`,
          )
        : await this.server.query(
            `SELECT count(DISTINCT person) AS people, count(*) AS faces FROM ${SCHEMA}.faces WHERE fields @@ $1::jsonpath`,
            [path],
          );
    return { people: Number(rows[0].people), faces: Number(rows[0].faces) };
  }

  async people(page: Page = {}): Promise<Person[]> {
    const { after, limit } = checkPage(page);
    return peopleWhere(this.server, "name > $1 ORDER BY name LIMIT $2", [after, limit]);
  }

  async person(who: PersonKey): Promise<Person | undefined> {
    const column = typeof who === "number" ? "id" : "name";
    return (await peopleWhere(this.server, `${column} = $1`, [keyOf(who)]))[0];
  }

  async facesOf(people: readonly number[]): Promise<StoredFace[]> {
    return this.#faces(["person", people]);
  }

  async faces(ids: readonly number[]): Promise<StoredFace[]> {
    return this.#faces(["id", ids]);
  }

  #faces(which: Parameters<typeof facesWhere>[1]): Promise<StoredFace[]> {
    const how = { sums: this.checksums, model: this.settings.model };
    return this.ofModel(() => facesWhere(this.server, which, how));
  }

  /** What `work` reads of the model that this gallery was opened for; ModelChanged where it has another by now. */
  protected async ofModel<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      // Codes of another length: the server refuses to compare them.
      const isOther = error instanceof OtherModel || (error as { code?: string }).code === OTHER_LENGTH;
      if (isOther) checkModel(this.place, await readPresent(this.server), this.settings.model);
      throw error;
    }
  }

  valuesThere(field: string, values: readonly string[]): Promise<string[]> {
    return valuesThere(this.server, field, values);
  }

  async thumbnail(face: number) {
    const { rows } = await this.server.query(
      `SELECT thumbnail, code::text FROM ${SCHEMA}.faces WHERE id = $1`,
      [face],
    );
    return rows[0]?.thumbnail ? { bytes: rows[0].thumbnail, code: codeFrom(rows[0].code) } : undefined;
  }

  async check(signal?: AbortSignal): Promise<CheckResult> {
    const found = await checkTables(this.#inspected, signal);
    checkModel(this.place, await readPresent(this.server), this.settings.model);
    return found;
  }

  salvage(onDamage: (damage: Damage) => void): AsyncGenerator<SalvagedFace> {
    return salvageTables(this.#inspected, onDamage);
  }

  get #inspected(): Inspected {
    return { db: this.server, settings: this.settings, checksums: this.checksums, sealer: this.sealer };
  }

  async receipts(page?: ReceiptPage): Promise<KeptRemoval[]> {
    return readReceipts(this.server, checkReceiptPage(page));
  }

  async receipt(id: number): Promise<KeptRemoval | undefined> {
    return readReceipt(this.server, id);
  }

  async load(): Promise<void> {
    await this.ofModel(async () => this.memory?.load());
  }

  held(): HeldStatus | undefined {
    return this.memory?.status();
  }

  async nearest(code: Uint8Array, k: number, wanted: Filter = []): Promise<Hit[]> {
    const filter = checkNearest(code, k, wanted, this.settings);
    const { memory } = this;
    // A filter is met by what lies on the servers: reading all of them costs as much as the search does.
    if (filter.length === 0 && memory) {
      const loading = memory.load();
      if (this.#waits) await this.ofModel(() => loading);
      else loading.catch(() => {}); // the next search asks again
      const found = (await this.#nearestAtRest(memory, code, k)) ?? (await this.#nearestOf(memory, code, k));
      if (found) return found;
    }
    if (filter.length === 0 && this.#approximate) {
      const about = (db: Queries) => nearestAbout(db, this.#codes, bitsOf(code), k);
      return nameFound(this.server, await this.ofModel(() => this.server.transaction(about)));
    }
    const all = Array.from({ length: this.partitions }, (_, number) => number);
    return nameFound(this.server, await this.ofModel(() => this.#nearestIn(all, { code, k, filter })));
  }

  /** By memory that nothing has changed in. */
  #nearestAtRest(memory: HeldCodes, code: Uint8Array, k: number): Promise<Hit[] | undefined> {
    if (memory.others.length > 0) return Promise.resolve(undefined);
    const { model } = this.settings;
    return memory.nearestAtRest(code, k, (found, since) =>
      nameIfUnchanged(this.server, found, { since, model }),
    );
  }

  async #nearestOf(memory: HeldCodes, code: Uint8Array, k: number): Promise<Hit[] | undefined> {
    const [held, others] = await this.ofModel(() =>
      Promise.all([
        inTime(this.place, memory.nearest(code, k)),
        memory.others.length > 0 ? this.#nearestIn(memory.others, { code, k, filter: [] }) : [],
      ]),
    );
    if (!held || memory.others.length === 0) return held && nameHeld(this.server, held);
    const all = [...held, ...others].sort((a, b) => a.distance - b.distance || a.id - b.id);
    return nameFound(this.server, all.slice(0, k));
  }

  async #nearestIn(
    partitions: readonly number[],
    { code, k, filter }: { readonly code: Uint8Array; readonly k: number; readonly filter: Filter },
  ): Promise<FoundCode[]> {
    const path = pathOf(filter);
    if (path === undefined) return [];
    this.#vector ??= usesVector(this.server);
    this.#vector.catch(() => {
      this.#vector = undefined;
    });
    const filtered = filter.length > 0;
    const { rows } = await this.server.query(
      nearestSql({ k, bits: 8 * this.settings.codeBytes, partitions, filtered, vector: await this.#vector }),
      [bitsOf(code), ...(filtered ? [path] : [])],
    );
    return ofModel(rows, this.settings.model).map(({ id, distance }) => ({
      id: Number(id),
      distance: Number(distance),
    }));
  }
}
