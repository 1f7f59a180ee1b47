/** How tables of an older version of this program become those of this one. */
import { DataError } from "../../../base/errors/index.ts";
import { CHANGES_TABLE } from "./changes.ts";
import type { Queries, Server } from "./connection.ts";
import { SCHEMA } from "./names.ts";
import { RECEIPTS_TABLE } from "./receipts.ts";
import { toBareChecksums } from "./toBareChecksums.ts";
import { toChecksums, type UpgradedPlace } from "./toChecksums.ts";

export const VERSION = 8;
/** Held while tables are made or changed, so that two processes do not do so at once. */
export const LOCK = 0x44694432;

/** A row that is there always, so that whoever waits for its lock sees what it says afterwards. */
const NO_NEXT_MODEL = `INSERT INTO ${SCHEMA}.settings VALUES ('nextModel', '') ON CONFLICT DO NOTHING`;

/** What leads to the version it is named by, from the one before. */
const STEPS: Readonly<Record<number, (db: Queries, place: UpgradedPlace) => Promise<unknown>>> = {
  2: toComposedNames,
  3: (db) => db.query(RECEIPTS_TABLE),
  4: (db) => db.query(CHANGES_TABLE),
  5: toChecksums,
  6: (db) => db.query(NO_NEXT_MODEL),
  7: toBareChecksums,
  8: async () => {}, // programs before it do not note in the log whom a face was given to
};

/** The settings of a gallery, whose tables are brought to this program's version first. */
export async function upgraded(server: Server, key?: Uint8Array): Promise<Record<string, string>> {
  for (let version = 2; version <= VERSION; version++) {
    if (!((await readSettings(server)).version === String(version - 1))) continue;
    await server.transaction(async (db) => {
      await db.query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
      if ((await readSettings(db)).version !== String(version - 1)) return; // another process was faster
      await STEPS[version](db, { place: server.place, key });
      await db.query(`UPDATE ${SCHEMA}.settings SET value = $1 WHERE name = 'version'`, [String(version)]);
    });
  }
  const found = await readSettings(server);
  if (found.version === String(VERSION)) return found;
  throw new DataError(
    `${server.place}: its tables have version ${found.version}, this program knows ${VERSION}`,
  );
}

async function readSettings(db: Queries): Promise<Record<string, string>> {
  const { rows } = await db.query(`SELECT name, value FROM ${SCHEMA}.settings`);
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}

/**
 * Version 2: names and texts in NFC, so that a name is found however it was typed. Two people whose names differed in
 * nothing that can be seen are one: the older keeps all faces.
 */
async function toComposedNames(db: Queries): Promise<void> {
  const { rows } = await db.query("SHOW server_encoding");
  if (rows[0].server_encoding !== "UTF8") return;
  const older = `SELECT id, min(id) OVER (PARTITION BY normalize(name, NFC)) AS first FROM ${SCHEMA}.people`;
  await db.query(
    `UPDATE ${SCHEMA}.faces f SET person = o.first FROM (${older}) o WHERE f.person = o.id AND o.first <> o.id`,
  );
  await db.query(`DELETE FROM ${SCHEMA}.people p USING (${older}) o WHERE p.id = o.id AND o.first <> o.id`);
  await db.query(`UPDATE ${SCHEMA}.people SET name = normalize(name, NFC) WHERE name IS NOT NFC NORMALIZED`);
  await db.query(
    `UPDATE ${SCHEMA}.faces SET fields = normalize(fields::text, NFC)::jsonb WHERE fields::text IS NOT NFC NORMALIZED`,
  );
}
