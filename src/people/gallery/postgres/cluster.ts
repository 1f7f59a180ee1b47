/** Galleries spread over several servers: making one, looking at it, and planning where partitions go. */

import { InputError } from "../../../base/errors/index.ts";
import type { StoreSettings } from "../store.ts";
import { connectTo, type Server } from "./connection.ts";
import { type Health, healthOf } from "./health.ts";
import { partitionName, SCHEMA } from "./names.ts";
import { createTables, hasTables, openTables } from "./schema.ts";
import { type Extensions, extensionsOf } from "./vector.ts";

export interface ClusterOptions {
  /** Servers that hold the faces; without any the coordinator does. */
  readonly shards?: readonly string[];
  /** Parts that faces are divided into, for good; more than servers, so that some can move to new ones. */
  readonly partitions?: number;
}

export interface Partition {
  readonly name: string;
  /** host:port/database, or "coordinator". */
  readonly server: string;
  /** 0 where its server does not answer: `health` says so. */
  readonly faces: number;
}

export interface ClusterStatus {
  readonly place: string;
  readonly settings: StoreSettings;
  readonly people: number;
  readonly faces: number;
  readonly partitions: readonly Partition[];
  /** Versions of those extensions that this program knows and the coordinator has. */
  readonly extensions: Extensions;
  readonly health: Health;
}

/** A partition that should move. */
export interface Move {
  readonly partition: string;
  readonly from: string;
  readonly to: string;
  readonly faces: number;
}

/** Makes a gallery on the coordinator at `url`; refused where one is. */
export async function initPostgres(
  url: string,
  settings: StoreSettings,
  { shards = [], partitions }: ClusterOptions = {},
): Promise<void> {
  const servers = [url, ...shards].map((one) => connectTo(one));
  const [coordinator, ...others] = servers;
  try {
    if (await hasTables(coordinator)) {
      throw new InputError(`${coordinator.place}: a gallery already exists`);
    }
    await createTables(coordinator, settings, { shards: others, partitions });
  } finally {
    for (const server of servers) await server.close();
  }
}

/** Where the gallery at `url` keeps how many faces, and what is slow there. */
export async function postgresStatus(
  url: string,
  now: () => number = () => performance.now(),
): Promise<ClusterStatus> {
  const coordinator = connectTo(url);
  try {
    const { settings, partitions: count } = await openTables(coordinator);
    const { rows } = await coordinator.query(`SELECT count(*) AS people FROM ${SCHEMA}.people`);
    const partitions: Partition[] = [];
    for (let number = 0; number < count; number++) {
      partitions.push(await partitionStatus(coordinator, partitionName(number)));
    }
    const faces = partitions.reduce((sum, part) => sum + part.faces, 0);
    const health = await healthOf(coordinator, { partitions: count, bits: 8 * settings.codeBytes }, now);
    const extensions = await extensionsOf(coordinator);
    const people = Number(rows[0].people);
    return { place: coordinator.place, settings, people, faces, partitions, extensions, health };
  } finally {
    await coordinator.close();
  }
}

async function partitionStatus(coordinator: Server, name: string): Promise<Partition> {
  const { rows } = await coordinator.query(
    `SELECT (SELECT string_agg(option, ' ' ORDER BY option) FROM unnest(s.srvoptions) AS option
             WHERE option ~ '^(host|port|dbname)=') AS server
     FROM pg_foreign_table t JOIN pg_foreign_server s ON s.oid = t.ftserver WHERE t.ftrelid = $1::regclass`,
    [`${SCHEMA}.${name}`],
  );
  const counted = await coordinator
    .query(`SELECT count(*) AS faces FROM ${SCHEMA}.${name}`)
    .catch((error) => {
      if (error instanceof InputError) return { rows: [{ faces: 0 }] };
      throw error;
    });
  const options: Record<string, string> = Object.fromEntries(
    (rows[0]?.server ?? "").split(" ").map((option: string) => option.split("=")),
  );
  const server = options.host ? `${options.host}:${options.port}/${options.dbname}` : "coordinator";
  return { name, server, faces: Number(counted.rows[0].faces) };
}

/**
 * Which partitions to move so that `servers` hold about as many faces each: the largest partition of the fullest
 * server goes to the emptiest, as long as that makes the fullest one smaller.
 */
export function planRebalance(partitions: readonly Partition[], servers: readonly string[]): Move[] {
  const places = new Map(partitions.map((part) => [part.name, part.server]));
  const all = [...new Set([...servers, ...places.values()])];
  const on = (server: string) => partitions.filter(({ name }) => places.get(name) === server);
  const load = (server: string) => on(server).reduce((sum, { faces }) => sum + faces, 0);
  const leaving = partitions.filter(({ server }) => !servers.includes(server));
  const emptiest = () => [...servers].sort((a, b) => load(a) - load(b) || on(a).length - on(b).length)[0];
  for (const { name } of [...leaving].sort((a, b) => b.faces - a.faces)) places.set(name, emptiest());
  for (;;) {
    const to = emptiest();
    const from = all.reduce((most, server) => (load(server) > load(most) ? server : most));
    const gap = load(from) - load(to);
    const best = on(from)
      .filter(({ faces }) => faces > 0 && faces < gap)
      .sort((a, b) => Math.abs(a.faces - gap / 2) - Math.abs(b.faces - gap / 2))[0];
    if (!best) break;
    places.set(best.name, to);
  }
  return partitions.flatMap(({ name, server, faces }) =>
    places.get(name) === server ? [] : [{ partition: name, from: server, to: places.get(name)!, faces }],
  );
}
