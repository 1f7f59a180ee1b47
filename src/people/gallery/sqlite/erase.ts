/** Erasing faces from the file, and proof of it: no row is left, the log is emptied, and the bytes are gone. */
import type { KeptRemoval, Person, Removal } from "../store.ts";
import type { Connection, Value } from "./connection.ts";
import { finishReceipt, makeReceipt } from "./receipts.ts";
import { samplesOf, searchGallery } from "./residue.ts";

/** What was erased, and by which bytes it can be recognised. */
export interface Erased {
  readonly person: string;
  /** Its receipt, as it was made with the removal. */
  readonly removal: KeptRemoval;
  readonly samples: readonly Buffer[];
}

/** Within a transaction: deletes the faces, and the person if none is left. */
export function eraseFaces(db: Connection, person: Person, faces: readonly number[]): Erased {
  const list = JSON.stringify(faces);
  const parts = db.all<(Uint8Array | null)[]>(
    `SELECT code, vector, thumbnail FROM faces WHERE ${AMONG("id")}`,
    list,
  );
  for (const [table, column] of [
    ["field_values", "face"],
    ["faces", "id"],
  ]) {
    db.run(`DELETE FROM ${table} WHERE ${AMONG(column)}`, list);
  }
  for (const face of faces) db.run("INSERT INTO removals (face) VALUES (?)", face);
  const personRemoved = faces.length === person.faces;
  if (personRemoved) db.run("DELETE FROM people WHERE id = ?", person.id);
  const number = (column: number) => parts.filter((row) => row[column]).length;
  return {
    person: person.name,
    removal: makeReceipt(db, {
      personId: person.id,
      personRemoved,
      faces,
      codes: number(0),
      vectors: number(1),
      thumbnails: number(2),
      checks: [],
      pending: ["what was erased has not been looked for in the files"], // until it has
    }),
    samples: samplesOf(parts.flat().filter((part) => part !== null)),
  };
}

/** How long to wait for a reader before the log can be emptied. */
export const READER_MS = 200;

const AMONG = (column: string) => `${column} IN (SELECT value FROM json_each(?))`;

/**
 * After the commit: empties the log, looks for what was erased in the bytes of the files, and writes that down. The
 * removal is made: what cannot be checked, or is found, is pending.
 */
export async function verifyErasure(db: Connection, path: string, erased: Erased): Promise<Removal> {
  const checks: string[] = [];
  const pending: string[] = [];
  try {
    await lookForErased(db, path, { erased, checks, pending });
  } catch (error) {
    pending.push(`not all could be checked: ${(error as Error).message}`);
  }
  const removal = { ...erased.removal, checks, pending };
  try {
    await db.change(() => finishReceipt(db, removal));
  } catch {} // the receipt that is kept says that the checks are pending
  return { person: erased.person, ...removal };
}

interface Looking {
  readonly erased: Erased;
  readonly checks: string[];
  readonly pending: string[];
}

async function lookForErased(db: Connection, path: string, { erased, checks, pending }: Looking) {
  const { removal, samples } = erased;
  const left = db.get<[number]>(
    `SELECT count(*) FROM faces WHERE ${AMONG("id")}`,
    JSON.stringify(removal.faces),
  )![0];
  if (left !== 0) throw new Error(`${left} erased faces are still there`);
  checks.push("no row of theirs is left; deleted content is overwritten with zeros (secure_delete)");
  const [busy] = db.waiting(READER_MS, () =>
    db.get<[number, ...Value[]]>("PRAGMA wal_checkpoint(TRUNCATE)"),
  )!;
  if (busy) {
    pending.push("another process reads the file: its write-ahead log is emptied when that has finished");
    return;
  }
  checks.push("the write-ahead log was emptied");
  const searched = await searchGallery(path, samples);
  const residue = [...searched.found].filter((sample) => !isOfOthers(db, sample));
  if (residue.length > 0) {
    pending.push(
      `${path}: erased content is still found in the file; another process may be erasing the same`,
    );
  }
  const found = pending.length > 0 ? "" : ", and not found";
  checks.push(
    `${samples.length} samples of their content were looked for in ${searched.bytes} bytes of files${found}`,
  );
}

/** Whether a face that is kept has the same content: the same picture was registered twice. */
const isOfOthers = (db: Connection, sample: Uint8Array): boolean =>
  db.get(
    "SELECT id FROM faces WHERE instr(code, ?1) OR instr(vector, ?1) OR instr(thumbnail, ?1) LIMIT 1",
    sample,
  ) !== undefined;
