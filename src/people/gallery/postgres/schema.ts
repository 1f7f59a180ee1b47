/**
 * The tables of a gallery in PostgreSQL. People, settings and ids are on one server, the coordinator; faces are
 * partitioned by id, each partition a table there or, over postgres_fdw, on another server.
 */
import { InputError } from "../../../base/errors/index.ts";
import { checkSettings, emptyGallery } from "../check.ts";
import type { StoreSettings } from "../store.ts";
import { CHANGES_TABLE } from "./changes.ts";
import type { Address, Queries, Server } from "./connection.ts";
import { partitionName, SCHEMA } from "./names.ts";
import { RECEIPTS_TABLE } from "./receipts.ts";
import { LOCK, upgraded, VERSION } from "./versions.ts";

const COORDINATOR = `
  CREATE SCHEMA ${SCHEMA};
  CREATE TABLE ${SCHEMA}.settings (name text PRIMARY KEY, value text NOT NULL);
  CREATE TABLE ${SCHEMA}.people (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE,
    checksum bytea
  );
  CREATE SEQUENCE ${SCHEMA}.face_ids;`;

export const faceColumns = (bits: number) =>
  `id bigint NOT NULL, person bigint NOT NULL, code bit(${bits}) NOT NULL, vector bytea, thumbnail bytea,
   fields jsonb NOT NULL, checksum bytea, thumbnail_checksum bytea`;

/** Makes the gallery's tables: on the coordinator alone, or with its faces spread over `shards`. */
export async function createTables(
  coordinator: Server,
  settings: StoreSettings,
  {
    shards = [],
    partitions = Math.max(1, shards.length),
  }: { shards?: readonly Server[]; partitions?: number },
): Promise<void> {
  checkSettings(settings);
  if (!(Number.isInteger(partitions) && partitions >= Math.max(1, shards.length) && partitions <= 1024)) {
    throw new InputError(
      `store: needs 1 to 1024 partitions, one for each server at least; got ${partitions}`,
    );
  }
  const bits = 8 * settings.codeBytes;
  const numbers = Array.from({ length: partitions }, (_, number) => number);
  for (const shard of shards) {
    await checkVersion(shard);
    await checkNoSchema(shard);
  }
  const made: Server[] = [];
  try {
    for (const [i, shard] of shards.entries()) {
      const own = numbers.filter((number) => number % shards.length === i);
      await shard.transaction(async (db) => {
        await db.query(`CREATE SCHEMA ${SCHEMA}`);
        for (const number of own) await createPartition(db, number, bits);
      });
      made.push(shard);
    }
    await createCoordinator(coordinator, settings, { shards, partitions });
  } catch (error) {
    for (const shard of made) await shard.query(`DROP SCHEMA ${SCHEMA} CASCADE`).catch(() => {}); // the first failure is told
    throw error;
  }
}

async function createCoordinator(
  coordinator: Server,
  settings: StoreSettings,
  { shards, partitions }: { shards: readonly Server[]; partitions: number },
): Promise<void> {
  const bits = 8 * settings.codeBytes;
  await coordinator.transaction(async (db) => {
    await db.query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
    if (await hasTables(db)) {
      if (shards.length === 0) return; // another process was faster
      throw new InputError(`${coordinator.place}: a gallery already exists`);
    }
    await db.query(COORDINATOR);
    await db.query(RECEIPTS_TABLE);
    for (const [name, value] of Object.entries({
      version: VERSION,
      partitions,
      nextModel: "",
      ...settings,
    })) {
      await db.query(`INSERT INTO ${SCHEMA}.settings VALUES ($1, $2)`, [name, String(value)]);
    }
    await db.query(CHANGES_TABLE);
    await db.query(`CREATE TABLE ${SCHEMA}.faces (${faceColumns(bits)}) PARTITION BY HASH (id)`);
    for (const [i, shard] of shards.entries()) await createServer(db, i, shard.address);
    for (let number = 0; number < partitions; number++) {
      const name = `${SCHEMA}.${partitionName(number)}`;
      if (shards.length === 0) {
        await createPartition(db, number, bits);
        await db.query(`ALTER TABLE ${SCHEMA}.faces ATTACH PARTITION ${name} ${rowsOf(number, partitions)}`);
      } else {
        await db.query(
          `CREATE FOREIGN TABLE ${name} PARTITION OF ${SCHEMA}.faces ${rowsOf(number, partitions)}
           SERVER ${serverName(number % shards.length)} ${remoteTable(number)}`,
        );
      }
    }
  });
}

/** Which faces a partition holds, in SQL. */
export const rowsOf = (number: number, partitions: number): string =>
  `FOR VALUES WITH (MODULUS ${partitions}, REMAINDER ${number})`;

/** The table of a partition on its own server, as options of a foreign table. */
export const remoteTable = (number: number): string =>
  `OPTIONS (schema_name '${SCHEMA}', table_name '${partitionName(number)}')`;

/** For imports, which ask of every picture whether it is there; a hash, as names may be longer than a B-tree takes. */
const PICTURES_INDEX = "USING hash ((fields['picture']))";

export async function createPartition(db: Queries, number: number, bits: number): Promise<void> {
  const name = `${SCHEMA}.${partitionName(number)}`;
  await db.query(`CREATE TABLE ${name} (${faceColumns(bits)}, PRIMARY KEY (id))`);
  await db.query(`CREATE INDEX ON ${name} (person)`);
  await db.query(`CREATE INDEX ON ${name} ${PICTURES_INDEX}`);
}

export const serverName = (i: number) => `${SCHEMA}_${i}`;

/** Tells the coordinator of a shard; scans of several run at once (async_capable). */
export async function createServer(db: Queries, i: number, address: Address): Promise<void> {
  const { host, port, database, user, password } = address;
  await db.query("CREATE EXTENSION IF NOT EXISTS postgres_fdw");
  await db.query(
    `CREATE SERVER ${serverName(i)} FOREIGN DATA WRAPPER postgres_fdw OPTIONS (
       host ${literal(host)}, port ${literal(port)}, dbname ${literal(database)},
       async_capable 'true', fetch_size '1000', batch_size '1000', connect_timeout '5')`,
  );
  await db.query(
    `CREATE USER MAPPING FOR CURRENT_USER SERVER ${serverName(i)}
     OPTIONS (user ${literal(user)}, password ${literal(password)})`,
  );
}

/** Options take no parameters. */
const literal = (text: string) => `E'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

/** Read from the catalogue itself: to_regclass answers from a cache, which after a wait for the lock may be old. */
export async function hasTables(db: Queries): Promise<boolean> {
  const { rows } = await db.query(
    "SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = $1 AND tablename = 'settings') AS there",
    [SCHEMA],
  );
  return rows[0].there;
}

/** Refuses a server that holds part of a gallery, or what is left of one. */
async function checkNoSchema(server: Server): Promise<void> {
  const { rows } = await server.query("SELECT to_regnamespace($1) IS NOT NULL AS there", [SCHEMA]);
  if (!rows[0].there) return;
  throw new InputError(
    `${server.place}: there is a schema ${SCHEMA} already: part of another gallery, or left over from one ` +
      `(then DROP SCHEMA ${SCHEMA} CASCADE)`,
  );
}

/** bit_count and asynchronous foreign scans came with 14. */
async function checkVersion(server: Server): Promise<void> {
  const { rows } = await server.query("SHOW server_version_num");
  const version = Number(rows[0].server_version_num);
  if (!(version >= 140000)) {
    throw new InputError(`${server.place}: needs PostgreSQL 14 or newer, got ${Math.floor(version / 10000)}`);
  }
}

export interface OpenTables {
  readonly settings: StoreSettings;
  readonly partitions: number;
}

/**
 * What the gallery was made for; made now if it is not there and `wanted` says for what. An encrypted one of an older version
 * needs its `key` once.
 */
export async function openTables(
  server: Server,
  { wanted, key }: { readonly wanted?: StoreSettings; readonly key?: Uint8Array } = {},
): Promise<OpenTables> {
  await checkVersion(server);
  if (!(await hasTables(server))) {
    if (!wanted) throw emptyGallery(server.place);
    await createTables(server, wanted, {});
  }
  const found = await upgraded(server, key);
  const { model, codeBytes, dimension, keyCheck, partitions } = found;
  const settings = { model, codeBytes: Number(codeBytes), dimension: Number(dimension), keyCheck };
  return { settings, partitions: Number(partitions) };
}
