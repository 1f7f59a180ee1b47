/** Looking through a whole file, and reading what can be read of a damaged one. */
import { DataError } from "../../../base/errors/index.ts";
import { type Checksums, NAME_ALTERED, same, thumbnailProblem } from "../checksums.ts";
import type { Sealer } from "../seal.ts";
import type { CheckResult, Damage, SalvagedFace, StoreSettings } from "../store.ts";
import { vectorProblem } from "../vectors.ts";
import type { Connection, Value } from "./connection.ts";
import { asValue, kindOf } from "./filterSql.ts";
import { turn } from "./longWork.ts";
import { asFace, type FaceRow } from "./rows.ts";

export interface Inspected {
  readonly db: Connection;
  readonly settings: StoreSettings;
  /** Undefined where the key is needed and not given. */
  readonly checksums: Checksums | undefined;
  readonly sealer: Sealer | undefined;
}

/** Rows read at a time, and again in halves where one of them cannot be read. */
const BLOCK = 256;
/** Where not even the last row can be read, and the number that was given last may itself be damaged. */
const MOST_IDS = 100_000_000;
/** Most complaints of SQLite's own check. */
const COMPLAINTS = 20;

/** Compares every row with its checksum, its fields with the index of fields, and opens every seal. */
export async function checkFile(inspected: Inspected, signal?: AbortSignal): Promise<CheckResult> {
  const { db, settings, checksums } = inspected;
  const damage: Damage[] = [...(await complaints(db, signal))];
  const names = new Map<number, string>();
  const tell = (found: Damage) => damage.push(found);
  for (const row of people(db, tell)) {
    if (names.size % BLOCK === 0) await turn(signal);
    const problem = personProblem(row, checksums);
    names.set(row[0], row[1]);
    if (problem) tell({ person: row[0], name: row[1], reason: problem });
  }
  let faces = 0;
  for (const row of faceRows(db, tell)) {
    if (faces % BLOCK === 0) await turn(signal);
    faces++;
    const reason = faceProblem(row, inspected) ?? (names.has(row[1]) ? undefined : "its person is not there");
    const name = names.get(row[1]);
    if (reason !== undefined) tell({ face: row[0], ...(name !== undefined && { name }), reason });
  }
  const how = settings.keyCheck === "" ? "plain" : "keyed";
  return {
    people: names.size,
    faces,
    checksums: checksums ? how : "not compared: they need the key",
    damage,
  };
}

function personProblem([id, name, checksum]: PersonSum, sums: Checksums | undefined): string | undefined {
  return sums && !same(sums.person(id, name), checksum) ? NAME_ALTERED : undefined;
}

function faceProblem(row: WholeRow, { db, settings, checksums, sealer }: Inspected): string | undefined {
  const [id, person, code, vector, fields, own, thumbnail, sum] = row;
  const face = asFace([id, person, code, vector, fields, own], checksums);
  if (code.length !== settings.codeBytes) {
    return `its code must have ${settings.codeBytes} bytes, got ${code.length}`;
  }
  const problem = vectorProblem(face, settings, sealer) ?? thumbnailProblem(id, thumbnail, sum, checksums);
  if (problem !== undefined) return problem;
  const kept = db.all<[string, string, Value]>(
    "SELECT name, kind, value FROM field_values WHERE face = ?",
    id,
  );
  const text = (rows: readonly (readonly Value[])[]) => JSON.stringify(rows.map(String).sort());
  const wanted = Object.entries(face.fields).map(([name, value]) => [name, kindOf(value), asValue(value)]);
  return text(kept) === text(wanted) ? undefined : "the index of fields does not agree with its fields";
}

/** Every face that can be read; see GalleryStore.salvage. */
export function* salvageFile(
  { db, settings, checksums, sealer }: Inspected,
  onDamage: (damage: Damage) => void,
): Generator<SalvagedFace> {
  const names = new Map<number, string>();
  for (const row of people(db, onDamage)) {
    const problem = personProblem(row, checksums);
    if (problem) onDamage({ person: row[0], name: row[1], reason: problem });
    else names.set(row[0], row[1]);
  }
  for (const row of faceRows(db, onDamage)) {
    const [id, person, code, vector, fields, own, thumbnail, sum] = row;
    const face = asFace([id, person, code, vector, fields, own], checksums);
    const isCode = code.length === settings.codeBytes;
    const reason = isCode ? vectorProblem(face, settings, sealer) : "its code has another length";
    const name = names.get(person);
    if (reason !== undefined) {
      onDamage({ face: id, ...(name !== undefined && { name }), reason });
      continue;
    }
    if (name === undefined)
      onDamage({ face: id, person, reason: `its person's name is lost: kept as person ${person}` });
    const altered = thumbnailProblem(id, thumbnail, sum, checksums);
    if (altered !== undefined) {
      onDamage({ face: id, ...(name !== undefined && { name }), reason: `left out: ${altered}` });
    }
    const isSound = thumbnail && altered === undefined;
    yield { ...face, name: name ?? `person ${person}`, ...(isSound && { thumbnail }) };
  }
}

/** What SQLite itself finds wrong with the file. */
async function complaints(db: Connection, signal?: AbortSignal): Promise<Damage[]> {
  try {
    const lines = (await db.long<[string]>(`PRAGMA integrity_check(${COMPLAINTS})`, signal)).flat();
    return lines.filter((line) => line !== "ok").map((line) => ({ reason: `SQLite: ${line.trim()}` }));
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return [{ reason: error.message }];
  }
}

type PersonSum = readonly [id: number, name: string, checksum: Uint8Array | null];
type WholeRow = readonly [...FaceRow, thumbnail: Uint8Array | null, checksum: Uint8Array | null];

const people = (db: Connection, onDamage: (damage: Damage) => void) =>
  readable<PersonSum>(db, "people", "id, name, checksum", (id, reason) => onDamage({ person: id, reason }));

const faceRows = (db: Connection, onDamage: (damage: Damage) => void) =>
  readable<WholeRow>(
    db,
    "faces",
    "id, person, code, vector, fields, checksum, thumbnail, thumbnail_checksum",
    (id, reason) => onDamage({ face: id, reason }),
  );

/** The rows of `table` by id, page by broken page; `onLost` is told of each id that cannot be read. */
function* readable<R extends readonly Value[]>(
  db: Connection,
  table: "people" | "faces",
  columns: string,
  onLost: (id: number, reason: string) => void,
): Generator<R> {
  const read = (first: number, last: number): R[] => {
    try {
      return db.all<R>(`SELECT ${columns} FROM ${table} WHERE id BETWEEN ? AND ? ORDER BY id`, first, last);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      if (first === last) {
        onLost(first, "it cannot be read: that part of the file is damaged");
        return [];
      }
      const middle = Math.floor((first + last) / 2);
      return [...read(first, middle), ...read(middle + 1, last)];
    }
  };
  const last = lastId(db, table);
  for (let first = 1; first <= last; first += BLOCK) yield* read(first, Math.min(last, first + BLOCK - 1));
}

function lastId(db: Connection, table: "people" | "faces"): number {
  for (const sql of [
    `SELECT max(id) FROM ${table}`,
    `SELECT min(seq, ${MOST_IDS}) FROM sqlite_sequence WHERE name = '${table}'`,
  ]) {
    try {
      const found = db.get<[number | null]>(sql)?.[0];
      if (found) return found;
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
    }
  }
  return 0;
}
