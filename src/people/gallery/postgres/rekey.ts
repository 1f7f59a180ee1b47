/** A gallery in PostgreSQL under another key: every sealed piece is opened and sealed anew, in one transaction. */
import { DataError } from "../../../base/errors/index.ts";
import type { Sealer } from "../seal.ts";
import type { Damage, Rekeyed } from "../store.ts";
import type { Queries } from "./connection.ts";
import { SCHEMA } from "./names.ts";
import { codeFrom } from "./rows.ts";

type Resealed = Omit<Rekeyed, "pending">;

/** Rows changed at a time. */
const BLOCK = 500;

/** Within a transaction. What was altered before cannot be opened and stays as it is: `onDamage` is told. */
export async function rekeyTables(
  db: Queries,
  from: Sealer,
  to: Sealer,
  onDamage: (damage: Damage) => void,
): Promise<Resealed> {
  const done = { faces: 0, damaged: 0 };
  for (let after = 0; ; ) {
    const { rows } = await db.query(
      `SELECT id, code::text, vector, thumbnail FROM ${SCHEMA}.faces WHERE id > $1 ORDER BY id LIMIT ${BLOCK}`,
      [after],
    );
    if (rows.length === 0) break;
    for (const { id, code, vector, thumbnail } of rows) {
      after = Number(id);
      done.faces++;
      const anew = (sealed: Uint8Array | null, kind: string) =>
        sealed && Buffer.from(to.seal(from.open(sealed, kind, codeFrom(code)), kind, codeFrom(code)));
      try {
        const sealed = [anew(vector, "vector"), anew(thumbnail, "thumbnail")];
        await db.query(`UPDATE ${SCHEMA}.faces SET vector = $1, thumbnail = $2 WHERE id = $3`, [
          ...sealed,
          id,
        ]);
      } catch (error) {
        if (!(error instanceof DataError)) throw error;
        done.damaged++;
        onDamage({ face: after, reason: error.message });
      }
    }
  }
  await db.query(`UPDATE ${SCHEMA}.settings SET value = $1 WHERE name = 'keyCheck'`, [to.check]);
  return done;
}
