/**
 * A gallery in PostgreSQL, on one server or with its faces spread over several. Everything is searched where it lies:
 * each partition gives its k nearest, the coordinator merges them.
 */
import {
  checkFaces,
  checkMerge,
  checkName,
  checkNearest,
  checkPage,
  checkSame,
  nameTaken,
  unknownFace,
  unknownPerson,
} from "../check.ts";
import { checkFilter, type Filter } from "../filter.ts";
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
import { connectTo, type Queries, type Server } from "./connection.ts";
import { pathOf } from "./filterPath.ts";
import { openTables, partitionName, SCHEMA } from "./schema.ts";

/** Opens the gallery at `url`; made on that one server if it is not there and may be. See openStore. */
export async function openPostgresStore(
  url: string,
  settings: StoreSettings | undefined,
  { create, codesAlone }: { readonly create: boolean; readonly codesAlone: boolean },
): Promise<GalleryStore> {
  const server = connectTo(url);
  try {
    const found = await openTables(server, create ? settings : undefined);
    if (settings) checkSame(server.place, found.settings, settings, codesAlone);
    return new PostgresStore(server, found.settings, found.partitions);
  } catch (error) {
    await server.close();
    throw error;
  }
}

/**
 * The `k` nearest to the code $1 of all partitions, of those that meet the path $2 if there is a filter. Each
 * partition orders by distance and id and stops at k: in this form PostgreSQL sends the whole of it to the shards and
 * waits for all of them at once. "+ 0" keeps it from merging their sorted answers one shard after the other.
 */
export function nearestSql(k: number, bits: number, partitions: number, filtered: boolean): string {
  const distance = `bit_count(code # $1::bit(${bits}))`;
  const where = filtered ? "WHERE fields @@ $2::jsonpath" : "";
  const parts = Array.from(
    { length: partitions },
    (_, number) =>
      `(SELECT id, person, ${distance} AS distance FROM ${SCHEMA}.${partitionName(number)} ${where}
        ORDER BY ${distance}, id LIMIT ${k})`,
  );
  return `SELECT id, person, distance FROM (${parts.join(" UNION ALL ")}) AS nearest
          ORDER BY distance + 0, id LIMIT ${k}`;
}

class PostgresStore implements GalleryStore {
  readonly kind = "postgres";
  readonly place: string;
  readonly settings: StoreSettings;
  readonly #server: Server;
  readonly #partitions: number;

  constructor(server: Server, settings: StoreSettings, partitions: number) {
    this.place = server.place;
    this.settings = settings;
    this.#server = server;
    this.#partitions = partitions;
  }

  async count(filter: Filter = []) {
    checkFilter(filter);
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
    return (await peopleWhere(this.#server, `${column} = $1`, [who]))[0];
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

  async add(faces: readonly NewFace[]): Promise<number[]> {
    checkFaces(faces, this.settings);
    if (faces.length === 0) return [];
    return this.#server.transaction(async (db) => {
      const people = await personIds(db, [...new Set(faces.map(({ person }) => person))].sort());
      const { rows } = await db.query(
        `SELECT nextval('${SCHEMA}.face_ids') AS id FROM generate_series(1, $1)`,
        [faces.length],
      );
      const ids = rows.map(({ id }) => Number(id));
      await db.query(
        `INSERT INTO ${SCHEMA}.faces (id, person, code, vector, thumbnail, fields)
         SELECT id, person, code::bit(${8 * this.settings.codeBytes}), vector, thumbnail, fields
         FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bytea[], $5::bytea[], $6::jsonb[])
           AS face (id, person, code, vector, thumbnail, fields)`,
        [
          ids,
          faces.map(({ person }) => people.get(person)),
          faces.map(({ code }) => bitsOf(code)),
          faces.map(({ vector }) => vector && Buffer.from(vector)),
          faces.map(({ thumbnail }) => thumbnail && Buffer.from(thumbnail)),
          faces.map(({ fields = {} }) => JSON.stringify(fields)),
        ],
      );
      return ids;
    });
  }

  async rename(who: PersonKey, to: string): Promise<void> {
    checkName(to);
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

  removePerson(who: PersonKey): Promise<Removal> {
    return this.#remove(async (db) => {
      const person = await locked(db, who);
      return erase(db, person, "person", person.id);
    });
  }

  removeFace(face: number): Promise<Removal> {
    return this.#remove(async (db) => {
      const { rows } = await db.query(`SELECT person FROM ${SCHEMA}.faces WHERE id = $1`, [face]);
      if (rows.length === 0) throw unknownFace(face);
      return erase(db, await locked(db, Number(rows[0].person)), "id", face);
    });
  }

  /** Erases in a transaction, and looks again after its commit. */
  async #remove(work: (db: Queries) => Promise<Erased>): Promise<Removal> {
    const erased = await this.#server.transaction(work);
    const { rows } = await this.#server.query(`SELECT id FROM ${SCHEMA}.faces WHERE id = ANY ($1)`, [
      erased.faces,
    ]);
    if (rows.length > 0) throw new Error(`${this.place}: ${rows.length} erased faces are still there`);
    return {
      ...erased,
      checks: ["no row of theirs is left on any server"],
      pending: [
        "PostgreSQL keeps the bytes of deleted rows until VACUUM FULL rewrites their tables, and in its write-ahead " +
          "log until that is recycled",
      ],
    };
  }

  async nearest(code: Uint8Array, k: number, filter: Filter = []): Promise<Hit[]> {
    checkNearest(code, k, filter, this.settings);
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

async function facesWhere(
  db: Queries,
  column: "id" | "person",
  values: readonly number[],
): Promise<StoredFace[]> {
  const { rows } = await db.query(
    `SELECT id, person, code::text, vector, fields FROM ${SCHEMA}.faces WHERE ${column} = ANY ($1) ORDER BY id`,
    [values],
  );
  return rows.map(({ id, person, code, vector, fields }) => ({
    id: Number(id),
    person: Number(person),
    code: codeFrom(code),
    ...(vector && { vector }),
    fields,
  }));
}

async function peopleWhere(db: Queries, condition: string, values: readonly unknown[]): Promise<Person[]> {
  const { rows } = await db.query(`SELECT id, name FROM ${SCHEMA}.people WHERE ${condition}`, values);
  const counts = await db.query(
    `SELECT person, count(*) AS faces FROM ${SCHEMA}.faces WHERE person = ANY ($1) GROUP BY person`,
    [rows.map(({ id }) => id)],
  );
  const facesOf = new Map(counts.rows.map(({ person, faces }) => [person, Number(faces)]));
  return rows.map(({ id, name }) => ({ id: Number(id), name, faces: facesOf.get(id) ?? 0 }));
}

/** The person, whom nobody else renames, merges, removes or adds faces to until the transaction ends. */
async function locked(db: Queries, who: PersonKey): Promise<Pick<Person, "id" | "name">> {
  const column = typeof who === "number" ? "id" : "name";
  const { rows } = await db.query(`SELECT id, name FROM ${SCHEMA}.people WHERE ${column} = $1 FOR UPDATE`, [
    who,
  ]);
  if (rows.length === 0) throw unknownPerson(who);
  return { id: Number(rows[0].id), name: rows[0].name };
}

/** Ids by name of people who stay until the transaction ends; made where they are new. */
async function personIds(db: Queries, names: readonly string[]): Promise<Map<string, number>> {
  for (;;) {
    await db.query(
      `INSERT INTO ${SCHEMA}.people (name) SELECT unnest($1::text[]) ON CONFLICT (name) DO NOTHING`,
      [names],
    );
    const { rows } = await db.query(
      `SELECT id, name FROM ${SCHEMA}.people WHERE name = ANY ($1) ORDER BY name FOR SHARE`,
      [names],
    );
    if (rows.length === names.length) return new Map(rows.map(({ id, name }) => [name, Number(id)]));
  } // someone was removed between the two
}

/** What was erased, before it is checked. */
type Erased = Omit<Removal, "checks" | "pending">;

async function erase(
  db: Queries,
  person: Pick<Person, "id" | "name">,
  column: "person" | "id",
  value: number,
): Promise<Erased> {
  const { rows } = await db.query(
    `DELETE FROM ${SCHEMA}.faces WHERE ${column} = $1
     RETURNING id, vector IS NOT NULL AS vector, thumbnail IS NOT NULL AS thumbnail`,
    [value],
  );
  const left = await db.query(`SELECT id FROM ${SCHEMA}.faces WHERE person = $1 LIMIT 1`, [person.id]);
  const personRemoved = left.rows.length === 0;
  if (personRemoved) await db.query(`DELETE FROM ${SCHEMA}.people WHERE id = $1`, [person.id]);
  const faces = rows.map(({ id }) => Number(id)).sort((a, b) => a - b);
  return {
    person: person.name,
    personRemoved,
    faces,
    codes: faces.length,
    vectors: rows.filter(({ vector }) => vector).length,
    thumbnails: rows.filter(({ thumbnail }) => thumbnail).length,
  };
}

/** A code as PostgreSQL writes bits. */
const bitsOf = (code: Uint8Array) => Array.from(code, (byte) => byte.toString(2).padStart(8, "0")).join("");
const codeFrom = (bits: string) =>
  Uint8Array.from({ length: bits.length / 8 }, (_, i) => Number.parseInt(bits.slice(8 * i, 8 * i + 8), 2));
