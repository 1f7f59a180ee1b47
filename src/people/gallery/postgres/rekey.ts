/** A gallery in PostgreSQL under another key: every sealed piece is opened and sealed anew, in one transaction. */
import { DataError } from "../../../base/errors/index.ts";
import { ALTERED, type Checksums, same } from "../checksums.ts";
import type { Sealer } from "../seal.ts";
import type { Damage, Person, Rekeyed, RekeyOptions } from "../store.ts";
import type { Queries } from "./connection.ts";
import { faceRows, type WholeRow } from "./inspect.ts";
import { SCHEMA } from "./names.ts";
import { checksumOf, codeFrom, isSound, sealPeople, updateFaces } from "./rows.ts";

export interface KeyOfTables {
  readonly sealer: Sealer;
  readonly sums: Checksums;
}

type Resealed = Omit<Rekeyed, "pending">;

/** Rows changed at a time. */
const BLOCK = 500;

/** Within a transaction. What was altered before cannot be opened and stays as it is: `onDamage` is told. */
export async function rekeyTables(
  db: Queries,
  from: KeyOfTables,
  to: KeyOfTables,
  { onDamage, signal }: RekeyOptions,
): Promise<Resealed> {
  const done = { faces: 0, damaged: 0 };
  const tell = (damage: Damage) => {
    done.damaged++;
    onDamage(damage);
  };
  await rekeyPeople(db, from, to, tell);
  let resealed: ReturnType<typeof reseal>[] = [];
  const flush = async () => {
    await updateFaces(db, resealed, {
      vector: ["bytea", resealed.map(({ vector }) => vector)],
      thumbnail: ["bytea", resealed.map(({ thumbnail }) => thumbnail)],
      thumbnail_checksum: ["bytea", resealed.map(({ thumbnailChecksum }) => thumbnailChecksum)],
    });
    resealed = [];
  };
  for await (const row of faceRows(db)) {
    signal?.throwIfAborted();
    done.faces++;
    try {
      resealed.push(reseal(row, from, to));
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      tell({ face: Number(row.id), reason: error.message });
    }
    if (resealed.length === BLOCK) await flush();
  }
  await flush();
  await db.query(`UPDATE ${SCHEMA}.settings SET value = $1 WHERE name = 'keyCheck'`, [to.sealer.check]);
  return done;
}

async function rekeyPeople(
  db: Queries,
  from: KeyOfTables,
  to: KeyOfTables,
  tell: (damage: Damage) => void,
): Promise<void> {
  const { rows } = await db.query(`SELECT id, name, checksum FROM ${SCHEMA}.people`);
  const sound: Pick<Person, "id" | "name">[] = [];
  for (const { id, name, checksum } of rows) {
    const person = { id: Number(id), name };
    if (same(from.sums.person(person.id, name), checksum)) sound.push(person);
    else tell({ person: person.id, name, reason: ALTERED });
  }
  await sealPeople(db, sound, to.sums);
}

/** A face under the new key; DataError where it was altered. */
function reseal(row: WholeRow, from: KeyOfTables, to: KeyOfTables) {
  if (!isSound(from.sums, row)) throw new DataError(ALTERED);
  const code = codeFrom(row.code);
  const anew = (sealed: Uint8Array | null, kind: string) =>
    sealed && Buffer.from(to.sealer.seal(from.sealer.open(sealed, kind, code), kind, code));
  const [vector, thumbnail] = [anew(row.vector, "vector"), anew(row.thumbnail, "thumbnail")];
  const id = Number(row.id);
  return {
    id,
    checksum: checksumOf(to.sums, { ...row, vector }, Number(row.person)),
    vector,
    thumbnail,
    // A thumbnail that was altered or lost stays so: a new checksum would vouch for it.
    thumbnailChecksum: same(from.sums.thumbnail(id, row.thumbnail), row.thumbnail_checksum)
      ? to.sums.thumbnail(id, thumbnail)
      : row.thumbnail_checksum,
  };
}
