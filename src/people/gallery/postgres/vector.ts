/**
 * pgvector, where a site's server has it: its operator for the bits in which two codes differ, and its approximate index
 * (HNSW), which is searched only by those who ask for it, and whose recall on the gallery at hand is measured.
 */
import { InputError } from "../../../base/errors/index.ts";
import type { FoundCode } from "../../../matching/search/index.ts";
import { MODEL_NOW, ofModel } from "./model.ts";
import { partitionName, SCHEMA } from "./names.ts";
import { nearestSql } from "./nearestSql.ts";
import type { Queries } from "./queries.ts";

/** Versions of extensions that a server has. */
export interface Extensions {
  readonly vector?: string;
  readonly citus?: string;
}

export async function extensionsOf(db: Queries): Promise<Extensions> {
  const { rows } = await db.query(
    "SELECT extname AS name, extversion AS version FROM pg_extension WHERE extname IN ('vector', 'citus')",
  );
  return Object.fromEntries(rows.map(({ name, version }) => [name, version]));
}

/**
 * Whether searches in SQL use pgvector's operator: where the coordinator has it and holds all faces. Other servers would have to
 * have it too, and the coordinator to know that they do; else they would send it all their codes.
 */
export async function usesVector(db: Queries): Promise<boolean> {
  const { rows } = await db.query(
    `SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'vector') AND NOT EXISTS (
       SELECT FROM pg_foreign_table t JOIN pg_class c ON c.oid = t.ftrelid
       WHERE c.relnamespace = to_regnamespace($1)) AS uses`,
    [SCHEMA],
  );
  return rows[0].uses;
}

/** What a gallery's tables hold. */
export interface CodesInTables {
  readonly partitions: number;
  readonly bits: number;
  readonly model: string;
}

/** Length of the list of candidates while the index is searched; pgvector takes up to 1,000. */
const CANDIDATES = { least: 100, factor: 2, most: 1_000 } as const;

const indexOf = (number: number) => `nearest_${number}`;

/** Builds the indexes that are not there. It takes minutes for a million faces, and writers wait meanwhile. */
export async function buildIndexes(db: Queries, { partitions }: CodesInTables): Promise<void> {
  for (let number = 0; number < partitions; number++) {
    await db.query(
      `CREATE INDEX IF NOT EXISTS ${indexOf(number)} ON ${SCHEMA}.${partitionName(number)} USING hnsw (code bit_hamming_ops)`,
    );
  }
}

export async function hasIndexes(db: Queries, { partitions }: CodesInTables): Promise<boolean> {
  const { rows } = await db.query(
    "SELECT count(*) AS there FROM pg_indexes WHERE schemaname = $1 AND indexname = ANY ($2)",
    [SCHEMA, Array.from({ length: partitions }, (_, number) => indexOf(number))],
  );
  return Number(rows[0].there) === partitions;
}

/** Within a transaction: about the `k` nearest to the code, given as text of bits, by distance, then id. */
export async function nearestAbout(
  db: Queries,
  { partitions, bits, model }: CodesInTables,
  code: string,
  k: number,
): Promise<FoundCode[]> {
  const { least, factor, most } = CANDIDATES;
  const candidates = Math.min(most, Math.max(least, factor * k));
  await db.query(`SET LOCAL hnsw.ef_search = ${candidates}`);
  await db.query("SET LOCAL enable_seqscan = off"); // small partitions, too: what was measured is what is searched
  const parts = Array.from({ length: partitions }, (_, number) => {
    const distance = `code <~> $1::bit(${bits})`;
    return `(SELECT id, ${distance} AS distance FROM ${SCHEMA}.${partitionName(number)} ORDER BY ${distance} LIMIT ${k})`;
  });
  const { rows } = await db.query(
    `SELECT id, distance, ${MODEL_NOW} FROM (${parts.join(" UNION ALL ")}) AS nearest ORDER BY distance, id LIMIT ${k}`,
    [code],
  );
  return ofModel(rows, model).map(({ id, distance }) => ({ id: Number(id), distance: Number(distance) }));
}

/** How much the approximate search misses on a gallery, and how long both searches take. */
export interface Recall {
  /** Share of the `k` nearest, as far as the exact search has them, that were found; faces as far away as the last count as found. */
  readonly recall: number;
  readonly k: number;
  readonly queries: number;
  /** Medians. */
  readonly exactMs: number;
  readonly approximateMs: number;
}

/** Measures it by the codes of faces drawn from the gallery, with a tenth of their bits changed: `rng` draws both. */
export async function measureRecall(
  transaction: <T>(work: (db: Queries) => Promise<T>) => Promise<T>,
  codes: CodesInTables,
  {
    k,
    queries,
    now,
    rng,
  }: { readonly k: number; readonly queries: number; now(): number; rng: { integer(below: number): number } },
): Promise<Recall> {
  const { bits, partitions } = codes;
  const probes = await transaction((db) => drawCodes(db, queries));
  if (probes.length === 0) throw new InputError("there is no face yet to measure recall by");
  const sql = nearestSql({
    k,
    bits,
    partitions: Array.from({ length: partitions }, (_, i) => i),
    vector: true,
  });
  const times = { exact: [] as number[], about: [] as number[] };
  let [found, wanted] = [0, 0];
  for (const code of probes) {
    const probe = changed(code, Math.round(bits / 10), rng);
    const begun = now();
    const { rows } = await transaction((db) => db.query(sql, [probe]));
    const exactDone = now();
    const about = await transaction((db) => nearestAbout(db, codes, probe, k));
    times.exact.push(exactDone - begun);
    times.about.push(now() - exactDone);
    const last = Number(rows[rows.length - 1].distance);
    wanted += rows.length;
    found += about.filter(({ distance }) => distance <= last).length;
  }
  const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];
  const [exactMs, approximateMs] = [median(times.exact), median(times.about)];
  return { recall: found / wanted, k, queries: probes.length, exactMs, approximateMs };
}

/** Codes of faces from all over the gallery. */
async function drawCodes(db: Queries, count: number): Promise<string[]> {
  const { rows } = await db.query(
    `SELECT f.code::text AS code FROM (SELECT DISTINCT (n * greatest(last_value / $1::bigint, 1))::bigint AS id
       FROM ${SCHEMA}.face_ids, generate_series(1, $1) AS n) AS drawn
     CROSS JOIN LATERAL (SELECT code FROM ${SCHEMA}.faces WHERE faces.id >= drawn.id ORDER BY faces.id LIMIT 1) AS f`,
    [count],
  );
  return rows.map(({ code }) => code);
}

function changed(code: string, bits: number, rng: { integer(below: number): number }): string {
  const all = [...code];
  for (let i = 0; i < bits; i++) {
    const at = rng.integer(all.length);
    all[at] = all[at] === "0" ? "1" : "0";
  }
  return all.join("");
}
