/** Receipts of removals as SQLite keeps them: made with the removal, in its transaction. They hold numbers, no names. */
import type { KeptRemoval, ReceiptPage } from "../store.ts";
import type { Connection } from "./connection.ts";

export const RECEIPTS_TABLE = `
  CREATE TABLE receipts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    time TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    removal TEXT NOT NULL
  ) STRICT`;

type Content = Omit<KeptRemoval, "receipt" | "time">;
type Row = readonly [id: number, time: string, removal: string];
const RECEIPT = "SELECT id, time, removal FROM receipts";

const asReceipt = ([receipt, time, removal]: Row): KeptRemoval => ({
  receipt,
  time,
  ...(JSON.parse(removal) as Content),
});

/** Within the transaction of a removal: its receipt. */
export function makeReceipt(db: Connection, removal: Content): KeptRemoval {
  const id = db.run("INSERT INTO receipts (removal) VALUES (?)", JSON.stringify(removal));
  return readReceipt(db, id)!;
}

/** Writes down how a removal was checked. */
export function finishReceipt(db: Connection, { receipt, time: _, ...removal }: KeptRemoval): void {
  db.run("UPDATE receipts SET removal = ? WHERE id = ?", JSON.stringify(removal), receipt);
}

export function readReceipt(db: Connection, id: number): KeptRemoval | undefined {
  const row = db.get<Row>(`${RECEIPT} WHERE id = ?`, id);
  return row && asReceipt(row);
}

export function readReceipts(db: Connection, { before, limit }: Required<ReceiptPage>): KeptRemoval[] {
  return db.all<Row>(`${RECEIPT} WHERE id < ? ORDER BY id DESC LIMIT ?`, before, limit).map(asReceipt);
}
