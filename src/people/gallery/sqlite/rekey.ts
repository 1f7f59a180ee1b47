/** A gallery file under another key: every sealed piece is opened and sealed anew, in one transaction. */
import { DataError } from "../../../base/errors/index.ts";
import { ALTERED, type Checksums, same } from "../checksums.ts";
import { contentDigest } from "../content.ts";
import type { Fields } from "../filter.ts";
import type { Sealer } from "../seal.ts";
import type { Rekeyed, RekeyOptions } from "../store.ts";
import { type Connection, connect } from "./connection.ts";
import { turn } from "./longWork.ts";
import { everyFace, type SealedFaceRow } from "./rows.ts";

export interface KeyOfFile {
  readonly sealer: Sealer;
  readonly checksums: Checksums;
}

type Resealed = Omit<Rekeyed, "pending">;

interface Change {
  readonly from: KeyOfFile;
  readonly to: KeyOfFile;
  /** Refuses to begin where the gallery is not what it was. */
  readonly check: (db: Connection) => void;
}

/** Faces between two looks whether to go on. */
const PACE = 256;

/**
 * The file at `path` under another key, over a connection of its own, so that whoever has it open goes on with what was
 * there before. What was altered before cannot be opened and stays as it is: `onDamage` is told.
 */
export async function rekeyFile(path: string, change: Change, options: RekeyOptions): Promise<Resealed> {
  const db = connect(path, { create: false });
  try {
    return await db.longChange(async () => {
      change.check(db);
      return await rekeyAll(db, change, options);
    });
  } finally {
    db.close();
  }
}

async function rekeyAll(
  db: Connection,
  { from, to }: Change,
  { onDamage, signal }: RekeyOptions,
): Promise<Resealed> {
  const done = { faces: 0, damaged: 0 };
  const people = db.all<[number, string, Uint8Array | null]>("SELECT id, name, checksum FROM people");
  for (const [id, name, checksum] of people) {
    if (!same(from.checksums.person(id, name), checksum)) {
      done.damaged++;
      onDamage({ person: id, name, reason: ALTERED });
    } else db.run("UPDATE people SET checksum = ? WHERE id = ?", to.checksums.person(id, name), id);
  }
  for (const row of everyFace(db)) {
    if (done.faces % PACE === 0) await turn(signal);
    const reason = reseal(db, row, from, to);
    done.faces++;
    if (reason !== undefined) {
      done.damaged++;
      onDamage({ face: row[0], reason });
    }
  }
  db.run("UPDATE settings SET value = ? WHERE name = 'keyCheck'", to.sealer.check);
  return done;
}

/** Seals a face anew; why not, where it was altered. */
function reseal(db: Connection, row: SealedFaceRow, from: KeyOfFile, to: KeyOfFile): string | undefined {
  const [id, person, code, sealedVector, sealedThumbnail, fields, checksum, sum] = row;
  if (!same(from.checksums.face({ id, person, code, vector: sealedVector, fields }), checksum))
    return ALTERED;
  try {
    const anew = (sealed: Uint8Array | null, kind: string) =>
      sealed && to.sealer.seal(from.sealer.open(sealed, kind, code), kind, code);
    const [vector, thumbnail] = [anew(sealedVector, "vector"), anew(sealedThumbnail, "thumbnail")];
    db.run(
      "UPDATE faces SET vector = ?, thumbnail = ?, checksum = ?, digest = ?, thumbnail_checksum = ? WHERE id = ?",
      vector,
      thumbnail,
      to.checksums.face({ id, person, code, vector, fields }),
      contentDigest({ code, fields: JSON.parse(fields) as Fields, ...(vector === null ? {} : { vector }) }),
      // A thumbnail that was altered or lost stays so: a new checksum would vouch for it.
      same(from.checksums.thumbnail(id, sealedThumbnail), sum) ? to.checksums.thumbnail(id, thumbnail) : sum,
      id,
    );
    return undefined;
  } catch (error) {
    if (error instanceof DataError) return error.message;
    throw error;
  }
}
