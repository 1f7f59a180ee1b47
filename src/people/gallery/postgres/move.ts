/** Moving a partition to another server, in one transaction of the coordinator: nobody sees half of it. */
import { InputError } from "../../../base/errors/index.ts";
import { anotherChange } from "../modelChange.ts";
import { type Address, connectTo, type Queries } from "./connection.ts";
import { readPresent } from "./model.ts";
import { partitionName, SCHEMA } from "./names.ts";
import {
  createPartition,
  createServer,
  faceColumns,
  openTables,
  remoteTable,
  rowsOf,
  serverName,
} from "./schema.ts";
import { holderOf, optionsOf, sameServer, urlOf } from "./shards.ts";
import { LOCK } from "./versions.ts";

/** Where a partition is moved, and what it holds. */
export interface Moved {
  readonly partition: string;
  /** Of the new server, without password. */
  readonly to: string;
  readonly faces: number;
}

/** Partitions are copied whole. */
const UNLIMITED = { queryMs: 0 };

/**
 * Moves the partition `name` ("faces_3") of the gallery at `url` to the server at `target`, which becomes a shard if it
 * is none. Searches and changes wait until it is done. What is left on the old server is dropped after the commit.
 */
export async function movePartition(url: string, name: string, target: string): Promise<Moved> {
  const [coordinator, to] = [url, target].map((one) => connectTo(one, UNLIMITED));
  try {
    const { settings, partitions } = await openTables(coordinator);
    const number = Array.from({ length: partitions }, (_, i) => partitionName(i)).indexOf(name);
    if (number === -1) throw new InputError(`${coordinator.place}: there is no partition ${name}`);
    if (to.place === coordinator.place) {
      throw new InputError(`${to.place}: is the coordinator; partitions move to other servers`);
    }
    const old = await holderOf(coordinator, name);
    if (old && sameServer(old, to.address)) throw new InputError(`${to.place}: holds ${name} already`);
    const bits = 8 * settings.codeBytes;
    await to.transaction(async (db) => {
      await db.query("SELECT pg_advisory_xact_lock($1)", [LOCK]); // "IF NOT EXISTS" fails where two make it at once
      await db.query(`CREATE SCHEMA IF NOT EXISTS ${SCHEMA}`);
      await createPartition(db, number, bits);
    });
    const faces = await coordinator
      .transaction((db) =>
        takeOver(db, to.address, { number, partitions, bits, isForeign: old !== undefined }),
      )
      .catch(async (error) => {
        await to.query(`DROP TABLE ${SCHEMA}.${name}`).catch(() => {}); // the first failure is told
        throw error;
      });
    if (old) await dropOld(old, name);
    return { partition: name, to: to.place, faces };
  } finally {
    for (const server of [coordinator, to]) await server.close();
  }
}

/** By name: a change of model has given them another order. */
const COLUMNS = "id, person, code, vector, thumbnail, fields, checksum, thumbnail_checksum";

/** Copies the rows, and puts the new table in the place of the old one; how many rows. */
async function takeOver(
  db: Queries,
  address: Address,
  {
    number,
    partitions,
    bits,
    isForeign,
  }: { number: number; partitions: number; bits: number; isForeign: boolean },
): Promise<number> {
  const table = `${SCHEMA}.${partitionName(number)}`;
  const arriving = `${SCHEMA}.arriving`;
  const { next } = await readPresent(db, "FOR SHARE");
  if (next) throw anotherChange("store", next);
  await db.query(`ALTER TABLE ${SCHEMA}.faces DETACH PARTITION ${table}`); // from here on everybody waits
  const server = await serverAt(db, address);
  await db.query(
    `CREATE FOREIGN TABLE ${arriving} (${faceColumns(bits)}) SERVER ${server} ${remoteTable(number)}`,
  );
  const { rowCount } = await db.query(`INSERT INTO ${arriving} (${COLUMNS}) SELECT ${COLUMNS} FROM ${table}`);
  const { rows } = await db.query(`SELECT count(*) AS faces FROM ${arriving}`);
  if (Number(rows[0].faces) !== rowCount) {
    throw new Error(`store: ${rowCount} faces were sent, ${rows[0].faces} have arrived`);
  }
  await db.query(`DROP ${isForeign ? "FOREIGN " : ""}TABLE ${table}`);
  await db.query(`ALTER FOREIGN TABLE ${arriving} RENAME TO ${partitionName(number)}`);
  await db.query(`ALTER TABLE ${SCHEMA}.faces ATTACH PARTITION ${table} ${rowsOf(number, partitions)}`);
  return rowCount ?? 0;
}

/** The name under which the coordinator knows the server at `address`; made known if it is not. */
async function serverAt(db: Queries, address: Address): Promise<string> {
  const { rows } = await db.query(
    `SELECT srvname, srvoptions FROM pg_foreign_server WHERE srvname ~ '^${SCHEMA}_[0-9]+$'`,
  );
  const known = rows.find(({ srvoptions }) => sameServer(optionsOf(srvoptions), address));
  if (known) return known.srvname;
  const numbers = rows.map(({ srvname }) => Number(srvname.slice(SCHEMA.length + 1)));
  const next = Math.max(-1, ...numbers) + 1;
  await createServer(db, next, address);
  return serverName(next);
}

async function dropOld(address: Address, name: string): Promise<void> {
  const server = connectTo(urlOf(address), UNLIMITED);
  try {
    await server.query(`DROP TABLE ${SCHEMA}.${name}`);
  } finally {
    await server.close();
  }
}
