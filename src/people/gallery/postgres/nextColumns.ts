/**
 * The columns of the next model, during a change: added beside those of the present one, and renamed to take their place.
 * On a shard they have a name of their own from the start, which the coordinator knows by its foreign tables, so that the
 * changeover is a matter of the coordinator alone.
 */
import { createHash } from "node:crypto";
import type { NextModel } from "../modelChange.ts";
import { connectTo, type Queries, type Server } from "./connection.ts";
import { partitionName, SCHEMA } from "./names.ts";
import { holderOf, urlOf } from "./shards.ts";

/** What of a gallery decides about its columns. */
export interface Tables {
  readonly partitions: number;
  /** Whether it is encrypted: pictures are sealed with the code then. */
  readonly sealed: boolean;
}

const UNLIMITED = { queryMs: 0 };
/** Nobody who comes later is kept waiting for longer by a lock that cannot be had now. */
const LOCK_MS = 2_000;
const [TRIES, LOCKED, DEADLOCK] = [30, "55P03", "40P01"];

/** Columns of a face that depend on the model, and their types. */
export const columnsOf = ({ codeBytes }: Pick<NextModel, "codeBytes">, { sealed }: Tables) => ({
  code: `bit(${8 * codeBytes})`,
  vector: "bytea",
  checksum: "bytea",
  ...(sealed && { thumbnail: "bytea", thumbnail_checksum: "bytea" }),
});

const namesOf = (tables: Tables) => Object.keys(columnsOf({ codeBytes: 4 }, tables));
export const nextName = (column: string) => `next_${column}`;
const table = (number: number) => `${SCHEMA}.${partitionName(number)}`;
const lackingIndex = (number: number) => `lacking_${number}`;
const remoteName = (column: string, model: string) =>
  `${column}_${createHash("sha256").update(model).digest("hex").slice(0, 12)}`;

/** Runs `work` in a transaction that waits for no lock for long, and again where it could not have one. */
export async function briefly<T>(server: Server, work: (db: Queries) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await server.transaction(async (db) => {
        await db.query(`SET LOCAL lock_timeout = ${LOCK_MS}`);
        return work(db);
      });
    } catch (error) {
      const { code, cause } = error as { code?: string; cause?: { code?: string } };
      if (tries === TRIES || ![LOCKED, DEADLOCK].includes(code ?? cause?.code ?? "")) throw error;
    }
  }
}

/** Does something to each partition that lies on another server. */
async function onShards(
  db: Queries,
  { partitions }: Tables,
  work: (shard: Queries, number: number) => Promise<void>,
): Promise<void> {
  for (let number = 0; number < partitions; number++) {
    const address = await holderOf(db, partitionName(number));
    if (!address) continue;
    const shard = connectTo(urlOf(address), UNLIMITED);
    try {
      await briefly(shard, (own) => work(own, number));
    } finally {
      await shard.close();
    }
  }
}

/** Within a transaction of the coordinator that has not looked at the faces. */
export async function addColumns(db: Queries, next: NextModel, tables: Tables): Promise<void> {
  const columns = Object.entries(columnsOf(next, tables));
  await onShards(db, tables, async (shard, number) => {
    const remote = columns.map(([name, type]) => [remoteName(name, next.model), type]);
    const [gone, fresh] = [
      remote.map(([name]) => `DROP COLUMN IF EXISTS ${name}`), // left over from one that was broken off
      remote.map(([name, type]) => `ADD COLUMN ${name} ${type}`),
    ];
    await shard.query(`ALTER TABLE ${table(number)} ${gone.join(", ")}`);
    await shard.query(`ALTER TABLE ${table(number)} ${fresh.join(", ")}`);
    await addIndex(shard, number, remoteName("code", next.model));
  });
  const added = columns.map(([name, type]) => `ADD COLUMN ${nextName(name)} ${type}`);
  await db.query(`ALTER TABLE ${SCHEMA}.faces ${added.join(", ")}`);
  for (let number = 0; number < tables.partitions; number++) {
    if (!(await holderOf(db, partitionName(number)))) {
      await addIndex(db, number, nextName("code"));
      continue;
    }
    const mapped = columns.map(
      ([name]) =>
        `ALTER COLUMN ${nextName(name)} OPTIONS (ADD column_name '${remoteName(name, next.model)}')`,
    );
    await db.query(`ALTER FOREIGN TABLE ${table(number)} ${mapped.join(", ")}`);
  }
}

/** For those who look what is lacking. */
async function addIndex(db: Queries, number: number, column: string): Promise<void> {
  await db.query(`DROP INDEX IF EXISTS ${SCHEMA}.${lackingIndex(number)}`);
  await db.query(`CREATE INDEX ${lackingIndex(number)} ON ${table(number)} (id) WHERE ${column} IS NULL`);
}

/** Within a transaction of the coordinator: forgets what was added. */
export async function dropColumns(db: Queries, tables: Tables): Promise<void> {
  const gone = namesOf(tables).map((name) => `DROP COLUMN ${nextName(name)}`);
  await db.query(`ALTER TABLE ${SCHEMA}.faces ${gone.join(", ")}`);
}

/** What columns are called on the shards that hold them, by partition. */
export type RemoteNames = ReadonlyMap<number, readonly string[]>;

/** What `columns` of the coordinator's tables are called on shards. */
export async function remoteNames(
  db: Queries,
  { partitions }: Tables,
  columns: readonly string[],
): Promise<RemoteNames> {
  const found = new Map<number, string[]>();
  for (let number = 0; number < partitions; number++) {
    const { rows } = await db.query(
      `SELECT a.attname AS name,
              (SELECT option_value FROM pg_options_to_table(a.attfdwoptions) WHERE option_name = 'column_name') AS remote
       FROM pg_attribute a JOIN pg_foreign_table t ON t.ftrelid = a.attrelid
       WHERE a.attrelid = $1::regclass AND a.attname = ANY ($2)`,
      [table(number), columns],
    );
    if (rows.length > 0)
      found.set(
        number,
        rows.map(({ name, remote }) => remote ?? name),
      );
  }
  return found;
}

export const presentNames = (db: Queries, tables: Tables) => remoteNames(db, tables, namesOf(tables));
export const nextNames = (db: Queries, tables: Tables) =>
  remoteNames(db, tables, namesOf(tables).map(nextName));

/** Before the changeover: from then on nobody gives those columns of the present model a value. */
export const allowNone = (db: Queries, tables: Tables): Promise<void> =>
  onShards(db, tables, async (shard, number) => {
    const names = (await presentNames(db, tables)).get(number) ?? [];
    const optional = names.map((name) => `ALTER COLUMN ${name} DROP NOT NULL`);
    await shard.query(`ALTER TABLE ${table(number)} ${optional.join(", ")}`);
  });

/** Afterwards: columns on shards that nobody knows any more. */
export const dropRemote = (db: Queries, tables: Tables, names: RemoteNames): Promise<void> =>
  onShards(db, tables, async (shard, number) => {
    const gone = (names.get(number) ?? []).map((name) => `DROP COLUMN IF EXISTS ${name}`);
    if (gone.length > 0) await shard.query(`ALTER TABLE ${table(number)} ${gone.join(", ")}`);
    await shard.query(`DROP INDEX IF EXISTS ${SCHEMA}.${lackingIndex(number)}`);
  });

/** Within a transaction of the coordinator that nobody reads faces beside: the next columns take the place of the present ones. */
export async function takeTheirPlace(db: Queries, tables: Tables): Promise<void> {
  const names = namesOf(tables);
  await db.query(`ALTER TABLE ${SCHEMA}.faces ${names.map((name) => `DROP COLUMN ${name}`).join(", ")}`);
  for (const name of names) {
    await db.query(`ALTER TABLE ${SCHEMA}.faces RENAME COLUMN ${nextName(name)} TO ${name}`);
  }
  for (let number = 0; number < tables.partitions; number++) {
    await db.query(`DROP INDEX IF EXISTS ${SCHEMA}.${lackingIndex(number)}`);
  }
}
