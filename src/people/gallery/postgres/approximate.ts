/** The approximate search of a gallery whose server has pgvector: its indexes are built, and what they miss is measured. */
import { InputError } from "../../../base/errors/index.ts";
import type { Rng } from "../../../base/random/index.ts";
import { connectTo, type Queries, type Server } from "./connection.ts";
import { SCHEMA } from "./names.ts";
import { type OpenTables, openTables } from "./schema.ts";
import {
  buildIndexes,
  type CodesInTables,
  extensionsOf,
  hasIndexes,
  measureRecall,
  type Recall,
  usesVector,
} from "./vector.ts";

export interface ApproximateOptions {
  /** Draws the faces by which recall is measured. */
  readonly rng: Rng;
  readonly now?: () => number;
  /** Nearest faces that are asked for (default 200, what a search shortlists), by so many codes (default 200). */
  readonly k?: number;
  readonly queries?: number;
}

/** How a gallery can be searched approximately, and how it was when that was measured. */
export interface Approximate extends Recall {
  readonly place: string;
  /** In the gallery, when it was measured. */
  readonly faces: number;
}

const DEFAULTS = { k: 200, queries: 200 } as const;
const SETTING = "recall";

/**
 * Builds pgvector's indexes in the gallery at `url`, where they are missing, and measures their recall on it. InputError where the
 * server has no pgvector, or faces are on other servers. Searches use them where they are asked to (`approximate` of openGallery).
 */
export async function approximatePostgres(url: string, options: ApproximateOptions): Promise<Approximate> {
  const server = connectTo(url, { queryMs: 0 });
  try {
    return await approximateOn(server, await openTables(server), options);
  } finally {
    await server.close();
  }
}

/** The same on a server that is connected. */
export async function approximateOn(
  server: Pick<Server, "place" | "query" | "transaction">,
  tables: OpenTables,
  { rng, now = () => performance.now(), k = DEFAULTS.k, queries = DEFAULTS.queries }: ApproximateOptions,
): Promise<Approximate> {
  await checkVector(server);
  const codes = codesIn(tables);
  await buildIndexes(server, codes);
  const { rows } = await server.query(`SELECT count(*) AS faces FROM ${SCHEMA}.faces`);
  const faces = Number(rows[0].faces);
  const recall = await measureRecall(server.transaction, codes, { k, queries, now, rng });
  await server.query(
    `INSERT INTO ${SCHEMA}.settings VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    [SETTING, JSON.stringify({ ...recall, faces })],
  );
  return { place: server.place, ...recall, faces };
}

/** What was measured of the gallery at `url`; InputError where it cannot be searched approximately. */
export async function recallOf(url: string): Promise<Omit<Approximate, "place">> {
  const server = connectTo(url);
  try {
    return await readApproximate(server, await openTables(server));
  } finally {
    await server.close();
  }
}

/** What was measured; InputError where the gallery cannot be searched approximately. */
export async function readApproximate(server: Pick<Server, "place" | "query">, tables: OpenTables) {
  await checkVector(server);
  const { rows } = await server.query(`SELECT value FROM ${SCHEMA}.settings WHERE name = $1`, [SETTING]);
  if (rows.length > 0 && (await hasIndexes(server, codesIn(tables))))
    return JSON.parse(rows[0].value) as Omit<Approximate, "place">;
  throw new InputError(
    `${server.place}: it has no approximate index; deepid store approximate builds it, and measures what it misses`,
  );
}

export const codesIn = ({ settings, partitions }: OpenTables): CodesInTables => ({
  partitions,
  bits: 8 * settings.codeBytes,
  model: settings.model,
});

async function checkVector(server: Queries & { readonly place: string }): Promise<void> {
  if (await usesVector(server)) return;
  const { vector } = await extensionsOf(server);
  const reason =
    vector === undefined
      ? "its server has no extension vector (pgvector); CREATE EXTENSION vector adds it where it is installed"
      : "its faces are on other servers; approximate indexes are for galleries on one";
  throw new InputError(`${server.place}: it cannot be searched approximately: ${reason}`);
}
