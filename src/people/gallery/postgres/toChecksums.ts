/**
 * Version 5 of a gallery's tables: checksums of people, faces and thumbnails. Every row that is there is sealed as it is
 * found: were it marked as unsealed instead, nobody could tell it from a row whose seal was taken away. What was altered
 * before is therefore not noticed; what is altered from here on is.
 */
import { InputError } from "../../../base/errors/index.ts";
import { type Checksums, createChecksums } from "../checksums.ts";
import { sealerOf } from "../seal.ts";
import { connectTo, type Queries } from "./connection.ts";
import { faceRows } from "./inspect.ts";
import { partitionName, SCHEMA } from "./names.ts";
import { checksumOf, sealPeople, updateFaces } from "./rows.ts";
import { holderOf, urlOf } from "./shards.ts";

/** Rows sealed at a time. */
const BLOCK = 1_000;
const COLUMNS = "ADD COLUMN IF NOT EXISTS checksum bytea, ADD COLUMN IF NOT EXISTS thumbnail_checksum bytea";

export interface UpgradedPlace {
  readonly place: string;
  /** Of an encrypted gallery. */
  readonly key: Uint8Array | undefined;
}

/** Checksums for rows of an older version, which in an encrypted gallery need its key; and its partitions. */
export async function olderChecksums(
  db: Queries,
  { place, key }: UpgradedPlace,
): Promise<{ readonly sums: Checksums; readonly partitions: number }> {
  const { rows } = await db.query(
    `SELECT name, value FROM ${SCHEMA}.settings WHERE name IN ('keyCheck', 'partitions')`,
  );
  const settings: Record<string, string> = Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  if (!sealerOf(place, settings.keyCheck, key)) {
    throw new InputError(
      `${place}: an encrypted gallery of an older version of this program: its key is needed once, to give its rows ` +
        "checksums (deepid gallery check does it)",
    );
  }
  const sums = createChecksums(settings.keyCheck === "" ? undefined : key);
  return { sums, partitions: Number(settings.partitions) };
}

/** Within a transaction of the coordinator at `place`. */
export async function toChecksums(db: Queries, place: UpgradedPlace): Promise<void> {
  const { sums, partitions } = await olderChecksums(db, place);
  // On the shards first, before this transaction has looked at their tables and they would wait for it.
  for (let number = 0; number < partitions; number++) await addColumns(db, number);
  await db.query(`ALTER TABLE ${SCHEMA}.people ADD COLUMN IF NOT EXISTS checksum bytea`);
  await db.query(`ALTER TABLE ${SCHEMA}.faces ${COLUMNS}`);
  await sealAll(db, sums);
}

/** To the table of a partition on its own server; the coordinator's own have them from the table above them. */
async function addColumns(db: Queries, number: number): Promise<void> {
  const address = await holderOf(db, partitionName(number));
  if (!address) return;
  const shard = connectTo(urlOf(address));
  try {
    await shard.query(`ALTER TABLE ${SCHEMA}.${partitionName(number)} ${COLUMNS}`);
  } finally {
    await shard.close();
  }
}

async function sealAll(db: Queries, sums: Checksums): Promise<void> {
  const people = await db.query(`SELECT id, name FROM ${SCHEMA}.people`);
  await sealPeople(
    db,
    people.rows.map(({ id, name }) => ({ id: Number(id), name })),
    sums,
  );
  let block: { id: number; checksum: Buffer; thumbnail: Buffer | null }[] = [];
  const flush = async () => {
    const thumbnails = block.map(({ thumbnail }) => thumbnail);
    await updateFaces(db, block, { thumbnail_checksum: ["bytea", thumbnails] });
    block = [];
  };
  for await (const row of faceRows(db)) {
    const id = Number(row.id);
    const thumbnail = row.thumbnail && sums.thumbnail(id, row.thumbnail);
    block.push({ id, checksum: checksumOf(sums, row, Number(row.person)), thumbnail });
    if (block.length === BLOCK) await flush();
  }
  await flush();
}
