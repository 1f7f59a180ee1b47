/** Receipts of removals as PostgreSQL keeps them: made with the removal, in its transaction. */
import type { KeptRemoval, ReceiptPage } from "../store.ts";
import type { Queries } from "./connection.ts";
import { SCHEMA } from "./names.ts";

/** Numbers, no names. */
export const RECEIPTS_TABLE = `
  CREATE TABLE ${SCHEMA}.receipts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    time timestamptz NOT NULL DEFAULT now(),
    removal jsonb NOT NULL
  )`;

type Content = Omit<KeptRemoval, "receipt" | "time">;

const asReceipt = ({ id, time, removal }: { id: string; time: Date; removal: Content }): KeptRemoval => ({
  receipt: Number(id),
  time: time.toISOString(),
  ...removal,
});

/** Within the transaction of a removal: its receipt. */
export async function makeReceipt(db: Queries, removal: Content): Promise<KeptRemoval> {
  const { rows } = await db.query(
    `INSERT INTO ${SCHEMA}.receipts (removal) VALUES ($1) RETURNING id, time, removal`,
    [JSON.stringify(removal)],
  );
  return asReceipt(rows[0]);
}

/** Writes down how a removal was checked. */
export async function finishReceipt(
  db: Queries,
  { receipt, time: _, ...removal }: KeptRemoval,
): Promise<void> {
  await db.query(`UPDATE ${SCHEMA}.receipts SET removal = $1 WHERE id = $2`, [
    JSON.stringify(removal),
    receipt,
  ]);
}

export async function readReceipt(db: Queries, id: number): Promise<KeptRemoval | undefined> {
  const { rows } = await db.query(`SELECT id, time, removal FROM ${SCHEMA}.receipts WHERE id = $1`, [id]);
  return rows[0] && asReceipt(rows[0]);
}

export async function readReceipts(
  db: Queries,
  { before, limit }: Required<ReceiptPage>,
): Promise<KeptRemoval[]> {
  const { rows } = await db.query(
    `SELECT id, time, removal FROM ${SCHEMA}.receipts WHERE id < $1 ORDER BY id DESC LIMIT $2`,
    [before, limit],
  );
  return rows.map(asReceipt);
}
