/** A change of model of a gallery in PostgreSQL; see ../modelChange.ts. */
import type { Checksums } from "../checksums.ts";
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
import { CHANNEL } from "./changes.ts";
import { connectTo, type Queries, type Server } from "./connection.ts";
import { eraseMany } from "./erase.ts";
import type { WholeRow } from "./inspect.ts";
import { readPresent } from "./model.ts";
import { SCHEMA } from "./names.ts";
import {
  addColumns,
  allowNone,
  briefly,
  columnsOf,
  dropColumns,
  dropRemote,
  nextName,
  nextNames,
  presentNames,
  type Tables,
  takeTheirPlace,
} from "./nextColumns.ts";
import { asFace, bitsOf, FACE, type FaceRow, fieldsText, isSound, setColumns } from "./rows.ts";
import { LOCK } from "./versions.ts";

export interface ChangingTables {
  readonly url: string;
  readonly server: Server;
  readonly settings: StoreSettings;
  readonly partitions: number;
  /** Undefined where the key is needed and not given. */
  readonly checksums: Checksums | undefined;
}

export class PostgresModelChange implements ModelChange {
  readonly #of: ChangingTables;
  readonly #tables: Tables;

  constructor(of: ChangingTables) {
    this.#of = of;
    this.#tables = { partitions: of.partitions, sealed: of.settings.keyCheck !== "" };
  }

  get #sums(): Checksums {
    return checksumsFor(this.#of.server.place, this.#of.checksums);
  }

  async withoutPicture(limit: number) {
    return this.#unlimited(async (server) => {
      const { rows } = await server.query(
        `SELECT count(*) AS faces FROM ${SCHEMA}.faces WHERE thumbnail IS NULL`,
      );
      const listed = await server.query(
        `SELECT f.id, p.name FROM ${SCHEMA}.faces f JOIN ${SCHEMA}.people p ON p.id = f.person
         WHERE f.thumbnail IS NULL ORDER BY f.id LIMIT $1`,
        [limit],
      );
      return {
        faces: Number(rows[0].faces),
        listed: listed.rows.map(({ id, name }) => ({ face: Number(id), person: name })),
      };
    });
  }

  async begin(next: NextModel): Promise<void> {
    const { place } = this.#of.server;
    this.#sums; // refuses whoever lacks the key
    await this.#unlimited((server) =>
      briefly(server, async (db) => {
        await db.query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
        const present = await readPresent(db, "FOR UPDATE"); // whoever adds faces now waits, and gives pictures then
        checkBegin(place, { present: present.model, under: present.next }, next);
        if (!present.next) await addColumns(db, next, this.#tables);
        await writeSetting(db, "nextModel", JSON.stringify(next));
      }),
    );
  }

  async status() {
    const { next } = await readPresent(this.#of.server);
    if (!next) return undefined;
    const { rows } = await this.#ask(
      `SELECT (SELECT count(*) FROM ${SCHEMA}.faces) AS faces,
              (SELECT count(*) FROM ${SCHEMA}.faces WHERE next_code IS NULL) AS lacking`,
    );
    return { next, lacking: Number(rows[0].lacking), faces: Number(rows[0].faces) };
  }

  async lacking({ from = 0, to = Number.MAX_SAFE_INTEGER, limit }: LackingRange) {
    const sums = this.#sums;
    const { rows } = await this.#ask(
      `SELECT ${FACE}, thumbnail, thumbnail_checksum FROM ${SCHEMA}.faces
       WHERE next_code IS NULL AND thumbnail IS NOT NULL AND id >= $1 AND id < $2 ORDER BY id LIMIT $3`,
      [from, to, limit],
    );
    return (rows as (WholeRow & { thumbnail: Buffer })[]).map((row) => {
      const { thumbnail, thumbnail_checksum: checksum } = row;
      return lackingFace(asFace(row, sums), { thumbnail, checksum }, sums);
    });
  }

  async lastOf(from: number, faces: number): Promise<number | undefined> {
    const { rows } = await this.#of.server.query(
      `SELECT max(id) AS last FROM (SELECT id FROM ${SCHEMA}.faces WHERE id >= $1 ORDER BY id LIMIT $2) AS first`,
      [from, faces],
    );
    return rows[0].last === null ? undefined : Number(rows[0].last);
  }

  async keep(model: string, faces: readonly NextFace[]): Promise<void> {
    if (faces.length === 0) return;
    const [sums, { server }] = [this.#sums, this.#of];
    await server.transaction(async (db) => {
      const { next } = await readPresent(db, "FOR SHARE");
      if (next?.model !== model) throw noChange(server.place);
      const { rows } = await db.query(
        `SELECT ${FACE} FROM ${SCHEMA}.faces WHERE id = ANY ($1) ORDER BY id FOR UPDATE`,
        [faces.map(({ id }) => id)],
      );
      const given = new Map(faces.map((face) => [face.id, face]));
      // A face that was altered stays one: a new checksum would vouch for it.
      const there = (rows as FaceRow[]).filter((row) => isSound(sums, row));
      const of = there.map((row) => given.get(Number(row.id))!);
      const columns: Record<string, readonly unknown[]> = {
        code: of.map(({ code }) => bitsOf(code)),
        vector: of.map(({ vector }) => vector && Buffer.from(vector)),
        checksum: of.map(({ id, code, vector }, i) => {
          const { person, fields } = there[i];
          return sums.face({ id, person: Number(person), code, vector, fields: fieldsText(fields) });
        }),
        thumbnail: of.map(({ thumbnail }) => thumbnail && Buffer.from(thumbnail)),
        thumbnail_checksum: of.map(({ id, thumbnail }) => sums.thumbnail(id, thumbnail)),
      };
      await setColumns(
        db,
        of.map(({ id }) => id),
        Object.fromEntries(
          Object.entries(columnsOf(next, this.#tables)).map(([name, type]) => [
            nextName(name),
            [type, columns[name]],
          ]),
        ),
      );
    });
  }

  async changeOver(model: string, failed: readonly number[]) {
    return this.#unlimited(async (server) => {
      await allowNone(server, this.#tables);
      const old = await presentNames(server, this.#tables);
      const done = await briefly(server, (db) => this.#changeOver(db, model, failed));
      if (done) await dropRemote(server, this.#tables, old).catch(() => {}); // bytes that nobody reads any more
      return done;
    });
  }

  async #changeOver(db: Queries, model: string, failed: readonly number[]) {
    const { place } = this.#of.server;
    await db.query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
    const { next } = await readPresent(db, "FOR UPDATE");
    if (next?.model !== model) throw noChange(place);
    await db.query(`LOCK TABLE ${SCHEMA}.faces IN ACCESS EXCLUSIVE MODE`);
    const { rows } = await db.query(
      `SELECT id, thumbnail IS NOT NULL AS pictured FROM ${SCHEMA}.faces WHERE next_code IS NULL ORDER BY id`,
    );
    const lacking = rows.map(({ id, pictured }) => ({ id: Number(id), pictured }));
    const lost = lostWith(place, next, lacking, failed);
    if (!lost) return undefined;
    if (lost.length > 0) await eraseMany(db, lost);
    await takeTheirPlace(db, this.#tables);
    for (const [setting, value] of settingsAfter(next)) await writeSetting(db, setting, value);
    await writeSetting(db, "nextModel", "");
    await db.query(`SELECT pg_notify('${CHANNEL}', '')`);
    const { rows: counted } = await db.query(`SELECT count(*) AS faces FROM ${SCHEMA}.faces`);
    return { faces: Number(counted[0].faces), erased: lost.length };
  }

  async cancel(): Promise<void> {
    await this.#unlimited(async (server) => {
      const names = await nextNames(server, this.#tables);
      await briefly(server, async (db) => {
        await db.query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
        const { next } = await readPresent(db, "FOR UPDATE");
        if (!next) throw noChange(server.place);
        await dropColumns(db, this.#tables);
        await writeSetting(db, "nextModel", "");
      });
      await dropRemote(server, this.#tables, names).catch(() => {}); // dropped by the next change, else
    });
  }

  /** A question that has an answer only while a change is under way. */
  async #ask(sql: string, values?: readonly unknown[]) {
    const { server } = this.#of;
    try {
      return await server.query(sql, values);
    } catch (error) {
      if ((error as { code?: string }).code === UNDEFINED_COLUMN) throw noChange(server.place);
      throw error;
    }
  }

  /** Whole tables are looked at, and changed. */
  async #unlimited<T>(work: (server: Server) => Promise<T>): Promise<T> {
    const server = connectTo(this.#of.url, { queryMs: 0 });
    try {
      return await work(server);
    } finally {
      await server.close();
    }
  }
}

const UNDEFINED_COLUMN = "42703";

const writeSetting = (db: Queries, name: string, value: string) =>
  db.query(
    `INSERT INTO ${SCHEMA}.settings VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    [name, value],
  );
