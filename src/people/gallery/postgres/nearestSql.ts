import { MODEL_NOW } from "./model.ts";
import { partitionName, SCHEMA } from "./names.ts";

export interface NearestQuery {
  readonly k: number;
  readonly bits: number;
  readonly partitions: readonly number[];
  /** Whether the faces must meet the path $2. */
  readonly filtered?: boolean;
  /** Whether pgvector's operator counts the bits that differ (see vector.ts), in place of PostgreSQL's own. */
  readonly vector?: boolean;
}

/**
 * The `k` nearest to the code $1 of the partitions, of those that meet the path $2 if there is a filter. Each
 * partition orders by distance and id and stops at k: in this form PostgreSQL sends the whole of it to the shards and
 * waits for all of them at once. "+ 0" keeps it from merging their sorted answers one shard after the other, "::int" from
 * searching an approximate index.
 */
export function nearestSql({ k, bits, partitions, filtered = false, vector = false }: NearestQuery): string {
  const probe = `$1::bit(${bits})`;
  const distance = vector ? `(code <~> ${probe})::int` : `bit_count(code # ${probe})`;
  const where = filtered ? "WHERE fields @@ $2::jsonpath" : "";
  const parts = partitions.map(
    (number) =>
      `(SELECT id, ${distance} AS distance FROM ${SCHEMA}.${partitionName(number)} ${where}
        ORDER BY ${distance}, id LIMIT ${k})`,
  );
  return `SELECT id, distance, ${MODEL_NOW} FROM (${parts.join(" UNION ALL ")}) AS nearest
          ORDER BY distance + 0, id LIMIT ${k}`;
}
