/**
 * Codes as PostgreSQL gives them out by the thousand: a partition's faces with ids in one stretch, as one value of
 * ids, people and codes side by side, or as the checksum of that value. Both are computed where the partition lies.
 */
import { createHash } from "node:crypto";
import type { Queries } from "./connection.ts";
import { MODEL_NOW, ofModel } from "./model.ts";
import { partitionName, SCHEMA } from "./names.ts";

/** Ids of one stretch. */
export const STRETCH = 65_536;

/** Of a face's id, and of its person's. */
const IDS_BYTES = 16;
/** bit_send puts four bytes before the bits: how many they are. */
const ENTRY = "int8send(id) || int8send(person) || substr(bit_send(code), 5)";
const ALL = `string_agg(${ENTRY}, ''::bytea ORDER BY id)`;

/** Ids from the first to before the second. */
export type Span = readonly [from: number, to: number];

/** Faces of one partition. */
export interface Stretch {
  readonly ids: readonly number[];
  /** Whose each face is, by id. */
  readonly people: readonly number[];
  /** [ids, codeBytes] */
  readonly codes: Uint8Array;
}

export interface Digest {
  readonly count: number;
  readonly checksum: string;
}

/** The least id from `from` on in any of the partitions; undefined if there is none. */
export async function nextId(
  db: Queries,
  partitions: readonly number[],
  from: number,
): Promise<number | undefined> {
  const least = partitions.map((number) => `SELECT min(id) AS id FROM ${table(number)} WHERE id >= $1`);
  const { rows } = await db.query(`SELECT min(id) AS id FROM (${least.join(" UNION ALL ")}) AS least`, [
    from,
  ]);
  return rows[0].id === null ? undefined : Number(rows[0].id);
}

/** What codes are read as. */
export interface CodesOf {
  readonly codeBytes: number;
  readonly model: string;
}

/** The faces of a partition with ids from `from` to before `to`; OtherModel where they are not of that model. */
export async function readStretch(
  db: Queries,
  partition: number,
  [from, to]: Span,
  { codeBytes, model }: CodesOf,
): Promise<Stretch> {
  const { rows } = await db.query(stretchSql(ALL, partition), [from, to]);
  const entries: Buffer = ofModel(rows, model)[0].value ?? Buffer.alloc(0);
  const size = IDS_BYTES + codeBytes;
  const count = entries.length / size;
  const codes = new Uint8Array(count * codeBytes);
  const [ids, people] = [new Array<number>(count), new Array<number>(count)];
  for (let i = 0; i < count; i++) {
    codes.set(entries.subarray(i * size + IDS_BYTES, (i + 1) * size), i * codeBytes);
    ids[i] = Number(entries.readBigInt64BE(i * size));
    people[i] = Number(entries.readBigInt64BE(i * size + 8));
  }
  entries.fill(0);
  return { ids, people, codes };
}

/** The same as its count and checksum. */
export async function digestStretch(db: Queries, partition: number, [from, to]: Span): Promise<Digest> {
  const { rows } = await db.query(stretchSql(`md5(coalesce(${ALL}, ''))`, partition), [from, to]);
  return { count: Number(rows[0].count), checksum: rows[0].value };
}

/** What `digestStretch` gives, of faces in memory. */
export function digestOf({ ids, people, codes }: Stretch): Digest {
  const codeBytes = codes.length / Math.max(1, ids.length);
  const entries = Buffer.alloc(ids.length * (IDS_BYTES + codeBytes));
  for (const [i, id] of ids.entries()) {
    let at = entries.writeBigInt64BE(BigInt(id), i * (IDS_BYTES + codeBytes));
    at = entries.writeBigInt64BE(BigInt(people[i]), at);
    entries.set(codes.subarray(i * codeBytes, (i + 1) * codeBytes), at);
  }
  const checksum = createHash("md5").update(entries).digest("hex"); // against accident, not malice: PostgreSQL has it built in
  entries.fill(0);
  return { count: ids.length, checksum };
}

const table = (partition: number) => `${SCHEMA}.${partitionName(partition)}`;
export const stretchSql = (value: string, partition: number) =>
  `SELECT count(*) AS count, ${value} AS value, ${MODEL_NOW} FROM ${table(partition)} WHERE id >= $1 AND id < $2`;

export interface FoundFace {
  readonly id: number;
  readonly person: number;
  readonly partition: number;
  readonly code: Uint8Array;
}

/** Faces by id with their person, partition and code; those that are not there are left out. OtherModel as above. */
export async function readFaces(db: Queries, ids: readonly number[], model: string): Promise<FoundFace[]> {
  const { rows } = await db.query(
    `SELECT f.id, f.person, c.relname, substr(bit_send(f.code), 5) AS code, ${MODEL_NOW}
     FROM ${SCHEMA}.faces f JOIN pg_class c ON c.oid = f.tableoid WHERE f.id = ANY ($1)`,
    [ids],
  );
  return ofModel(rows, model).map(({ id, person, relname, code }) => ({
    id: Number(id),
    person: Number(person),
    partition: Number(relname.slice(partitionName(0).length - 1)),
    code,
  }));
}
