/** Looking through a whole gallery in PostgreSQL, and reading what can be read of a damaged one. */
import { type Checksums, NAME_ALTERED, same, thumbnailProblem } from "../checksums.ts";
import type { Sealer } from "../seal.ts";
import type { CheckResult, Damage, SalvagedFace, StoreSettings } from "../store.ts";
import { vectorProblem } from "../vectors.ts";
import type { Queries } from "./connection.ts";
import { SCHEMA } from "./names.ts";
import { asFace, FACE, type FaceRow } from "./rows.ts";

export interface Inspected {
  readonly db: Queries;
  readonly settings: StoreSettings;
  /** Undefined where the key is needed and not given. */
  readonly checksums: Checksums | undefined;
  readonly sealer: Sealer | undefined;
}

/** Rows read at a time. */
const BLOCK = 500;

/** Compares every row with its checksum, and opens every seal. */
export async function checkTables(inspected: Inspected, signal?: AbortSignal): Promise<CheckResult> {
  const { settings, checksums } = inspected;
  const damage: Damage[] = [];
  const names = await namesOf(inspected, (found) => damage.push(found));
  let faces = 0;
  for await (const row of faceRows(inspected.db)) {
    signal?.throwIfAborted();
    faces++;
    const [id, person] = [Number(row.id), Number(row.person)];
    const reason = faceProblem(row, inspected) ?? (names.has(person) ? undefined : "its person is not there");
    const name = names.get(person)?.name;
    if (reason !== undefined) damage.push({ face: id, ...(name !== undefined && { name }), reason });
  }
  const how = settings.keyCheck === "" ? "plain" : "keyed";
  return {
    people: names.size,
    faces,
    checksums: checksums ? how : "not compared: they need the key",
    damage,
  };
}

/** Every face that can be read; see GalleryStore.salvage. */
export async function* salvageTables(
  inspected: Inspected,
  onDamage: (damage: Damage) => void,
): AsyncGenerator<SalvagedFace> {
  const names = await namesOf(inspected, onDamage);
  for await (const row of faceRows(inspected.db)) {
    const { thumbnail, ...face } = { ...asFace(row, inspected.checksums), thumbnail: row.thumbnail };
    const known = names.get(face.person);
    const name = known?.isSound ? known.name : undefined;
    const reason = vectorProblem(face, inspected.settings, inspected.sealer);
    if (reason !== undefined) {
      onDamage({ face: face.id, ...(name !== undefined && { name }), reason });
      continue;
    }
    if (name === undefined) {
      const { id, person } = face;
      onDamage({ face: id, person, reason: `its person's name is lost: kept as person ${person}` });
    }
    const altered = thumbnailProblem(face.id, thumbnail, row.thumbnail_checksum, inspected.checksums);
    if (altered !== undefined) onDamage({ face: face.id, reason: `left out: ${altered}` });
    const isSound = thumbnail && altered === undefined;
    yield { ...face, name: name ?? `person ${face.person}`, ...(isSound && { thumbnail }) };
  }
}

/** All of a face. */
export type WholeRow = FaceRow & {
  readonly thumbnail: Buffer | null;
  readonly thumbnail_checksum: Buffer | null;
};

function faceProblem(row: WholeRow, { settings, checksums, sealer }: Inspected): string | undefined {
  const { id, thumbnail, thumbnail_checksum: kept } = row;
  const problem = vectorProblem(asFace(row, checksums), settings, sealer);
  return problem ?? thumbnailProblem(Number(id), thumbnail, kept, checksums);
}

type Names = Map<number, { readonly name: string; readonly isSound: boolean }>;

/** Everybody by id; `onDamage` is told of names that were altered. */
async function namesOf({ db, checksums }: Inspected, onDamage: (damage: Damage) => void): Promise<Names> {
  const names: Names = new Map();
  for (let after = 0; ; ) {
    const { rows } = await db.query(
      `SELECT id, name, checksum FROM ${SCHEMA}.people WHERE id > $1 ORDER BY id LIMIT ${BLOCK}`,
      [after],
    );
    if (rows.length === 0) return names;
    for (const { id, name, checksum } of rows) {
      after = Number(id);
      const isSound = !checksums || same(checksums.person(after, name), checksum);
      names.set(after, { name, isSound });
      if (!isSound) onDamage({ person: after, name, reason: NAME_ALTERED });
    }
  }
}

/** Every face by id. */
export async function* faceRows(db: Queries): AsyncGenerator<WholeRow> {
  for (let after = 0; ; ) {
    const { rows } = await db.query(
      `SELECT ${FACE}, thumbnail, thumbnail_checksum FROM ${SCHEMA}.faces WHERE id > $1 ORDER BY id LIMIT ${BLOCK}`,
      [after],
    );
    if (rows.length === 0) return;
    yield* rows as WholeRow[];
    after = Number(rows[rows.length - 1].id);
  }
}
