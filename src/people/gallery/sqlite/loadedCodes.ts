/** The codes of an SQLite gallery in memory, brought up to what its file holds. */
import { type CodeIndex, createCodeIndex } from "../../../matching/search/index.ts";
import type { StoreSettings } from "../store.ts";
import type { Connection } from "./connection.ts";

const NOW = `SELECT coalesce((SELECT max(id) FROM faces), 0), coalesce((SELECT max(number) FROM removals), 0),
  (SELECT value FROM settings WHERE name = 'model')`;
/** Codes read at a time. */
const BLOCK = 16_384;
const CODES = `SELECT json_group_array(id), group_concat(hex(code), ''), (SELECT value FROM settings WHERE name = 'model')
  FROM (SELECT id, code FROM faces WHERE id > ? ORDER BY id LIMIT ?)`;

export class LoadedCodes {
  readonly #db: Connection;
  readonly #codeBytes: number;
  readonly #model: string;
  #index: CodeIndex;
  /** The last removal that the codes in memory know of. */
  #removals = 0;
  #loading: Promise<unknown> = Promise.resolve();
  #loaded = false;

  constructor(db: Connection, { codeBytes, model }: Pick<StoreSettings, "codeBytes" | "model">) {
    this.#db = db;
    this.#model = model;
    this.#codeBytes = codeBytes;
    this.#index = createCodeIndex(codeBytes);
  }

  /** What searches look in; another one after some loads. */
  get index(): CodeIndex {
    return this.#index;
  }

  /** Whether anything was ever read. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** Reads what was added, and forgets what was erased, since the last time; the model of the codes that are there now. */
  load(): Promise<string> {
    this.#loaded = true;
    const loaded = this.#loading.then(() => this.#load());
    this.#loading = loaded.catch(() => {});
    return loaded;
  }

  async close(): Promise<void> {
    await this.#loading;
    await this.#index.close();
  }

  async #load(): Promise<string> {
    const [lastFace, lastRemoval, model] = this.#db.get<[number, number, string]>(NOW)!;
    if (model !== this.#model) return model; // no code of one model comes beside those of another
    if (lastFace <= this.#index.lastId && lastRemoval === this.#removals) return model;
    if (this.#index.wasted > Math.max(BLOCK, this.#index.size)) {
      const old = this.#index;
      const fresh = createCodeIndex(this.#codeBytes);
      await this.#append(fresh);
      this.#index = fresh;
      await old.close();
    } else await this.#append(this.#index);
    const gone = this.#db.all<[number]>("SELECT face FROM removals WHERE number > ?", this.#removals);
    await this.#index.erase(gone.flat());
    this.#removals = lastRemoval;
    return model;
  }

  /** Reads the codes of all later faces than `index` knows. */
  async #append(index: CodeIndex): Promise<void> {
    // A block comes as two texts: a million rows as values of their own would take the driver several times as long.
    for (;;) {
      const [ids, codes, model] = this.#db.get<[string, string | null, string]>(CODES, index.lastId, BLOCK)!;
      if (codes === null || model !== this.#model) return;
      await index.append(JSON.parse(ids), Buffer.from(codes, "hex"));
    }
  }
}
