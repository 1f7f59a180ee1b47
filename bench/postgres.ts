/**
 * The nearest 10 of many faces in a PostgreSQL gallery, from the process's memory and in SQL, beside an SQLite gallery of
 * the same faces, in one run; then clients that identify while others add and remove faces. Codes are random, of nobody.
 * The server is started on loopback for this, durable as servers are; its answers and SQLite's are compared.
 *
 * Run: npx tsx bench/postgres.ts [--faces 1000000 --rounds 40 --clients 50 --seconds 120 --out results/postgres-search.json]
 *
 * With --kernel it stands beside an index of the same codes alone, which is filled in seconds where a file takes half an hour; with
 * --shards 2 the faces lie on as many servers more.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRng } from "../src/base/random/index.ts";
import { benchCodes, machine } from "../src/lab/bench/index.ts";
import { createCodeIndex, type FoundCode } from "../src/matching/search/index.ts";
import { type GalleryStore, initPostgres, openStore } from "../src/people/gallery/index.ts";
import { startPostgres } from "../test/support/postgres.ts";
import { keep } from "./keep.ts";
import { copyFaces } from "./postgresCopy.ts";
import { identifyWhileChanging } from "./postgresLoad.ts";

const { values } = parseArgs({
  options: {
    faces: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "40" },
    clients: { type: "string", default: "50" },
    seconds: { type: "string", default: "120" },
    beside: { type: "string" },
    kernel: { type: "boolean", default: false },
    shards: { type: "string", default: "0" },
    out: { type: "string" },
  },
});
const [faces, rounds, clients, seconds] = [values.faces, values.rounds, values.clients, values.seconds].map(
  Number,
);
const [BITS, K, SQL_ROUNDS] = [512, 10, 10];
const settings = { model: "bench", codeBytes: BITS / 8, dimension: 0, keyCheck: "" };
const memory = { bytes: 80 * (faces + 1_000_000) };
const codes = { codes: faces, bits: BITS, k: K, threads: 0, rounds };
const say = (text: string) => process.stderr.write(`${text}\n`);
const megabytes = () => process.memoryUsage().rss / 1e6;
const median = (times: readonly number[]) => [...times].sort((a, b) => a - b)[times.length >> 1];

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const start = performance.now();
  const done = await work();
  return [done, performance.now() - start];
}

/** Queries: codes of the gallery with some bits changed. */
function queriesOf(first: Uint8Array): Uint8Array[] {
  const rng = createRng(2);
  const size = BITS / 8;
  return Array.from({ length: rounds }, (_, i) => {
    const query = first.slice(10 * i * size, (10 * i + 1) * size);
    for (let flip = 0; flip < 40; flip++) query[rng.integer(size)] ^= 1 << rng.integer(8);
    return query;
  });
}

/** Faces and their distances, to compare answers by. */
const facesOf = (found: readonly { readonly face: number; readonly distance: number }[]) =>
  found.map(({ face, distance }) => `${face} ${distance}`).join();

/** What stands beside the gallery in PostgreSQL. */
interface Other {
  readonly openMs: number;
  nearest(query: Uint8Array): Promise<string>;
}

async function sqliteOf(): Promise<Other> {
  const path = join(folder, "gallery.sqlite");
  const filling = await open(path);
  let person = 0;
  for (const block of benchCodes(codes)) {
    await filling.add(
      Array.from({ length: block.length / (BITS / 8) }, (_, i) => ({
        person: `person ${Math.floor(person++ / 10)}`,
        code: block.subarray((i * BITS) / 8, ((i + 1) * BITS) / 8),
      })),
    );
  }
  const sqlite = await open(path);
  const [, openMs] = await timed(() => sqlite.load());
  return { openMs, nearest: async (query) => facesOf(await sqlite.nearest(query, K)) };
}

async function indexOf(): Promise<Other> {
  const index = createCodeIndex(BITS / 8);
  let id = 0;
  const [, openMs] = await timed(async () => {
    for (const block of benchCodes(codes)) {
      const ids = Array.from({ length: block.length / (BITS / 8) }, () => ++id);
      await index.append(ids, block);
    }
  });
  opened.push(index);
  const asFace = ({ id, distance }: FoundCode) => ({ face: id, distance });
  return { openMs, nearest: async (query) => facesOf((await index.nearest(query, K)).map(asFace)) };
}

const folder = await mkdtemp(join(tmpdir(), "deepid-bench-"));
const durable = { fsync: "on", shared_buffers: "512MB", max_wal_size: "4GB", work_mem: "64MB" };
const server = await startPostgres(durable);
const shards = await Promise.all(Array.from({ length: Number(values.shards) }, () => startPostgres(durable)));
if (shards.length > 0) await initPostgres(server.url(), settings, { shards: shards.map((one) => one.url()) });
const opened: Pick<GalleryStore, "close">[] = [];
const open = async (place: string, options: Parameters<typeof openStore>[2] = {}) => {
  const store = await openStore(place, settings, options);
  opened.push(store);
  return store;
};
try {
  const inSql = await open(server.url());
  say(`copying ${faces} faces into PostgreSQL`);
  const [, copyMs] = await timed(() => copyFaces(server.url(), benchCodes(codes), BITS / 8));
  const queries = queriesOf(benchCodes(codes).next().value!);
  const before = megabytes();
  const inMemory = await open(server.url(), { memory });
  const [, openMs] = await timed(() => inMemory.load());
  const beside = megabytes() - before - (faces * BITS) / 8e6;
  say(values.kernel ? "the same codes into an index" : "the same faces into SQLite");
  const other = values.kernel ? await indexOf() : await sqliteOf();

  say("searching");
  const times = { other: [] as number[], memory: [] as number[], sql: [] as number[] };
  for (const [round, query] of [queries[0], ...queries].entries()) {
    const [there, otherMs] = await timed(() => other.nearest(query));
    const [found, memoryMs] = await timed(() => inMemory.nearest(query, K));
    if (facesOf(found) !== there) throw new Error("not the same is found");
    if (round === 0) continue; // threads are started by it
    times.other.push(otherMs);
    times.memory.push(memoryMs);
    if (round > SQL_ROUNDS) continue;
    const [wanted, sqlMs] = await timed(() => inSql.nearest(query, K));
    if (facesOf(wanted) !== there) throw new Error("SQL does not find the same");
    times.sql.push(sqlMs);
  }
  say(`${clients} clients for ${seconds} s`);
  const load = await identifyWhileChanging([inMemory, await open(server.url(), { memory })], server.url(), {
    clients,
    seconds,
    queries,
  });
  const [memoryMs, otherMs, sqlMs] = [times.memory, times.other, times.sql].map(median);
  const result = {
    machine: machine(),
    ...(values.beside !== undefined && { beside: values.beside }),
    faces,
    servers: 1 + shards.length,
    bits: BITS,
    k: K,
    rounds,
    copySeconds: copyMs / 1000,
    openSeconds: openMs / 1000,
    ...(values.kernel ? {} : { openSqliteSeconds: other.openMs / 1000 }),
    megabytesBesideCodes: beside,
    memoryMs,
    sqlMs,
    ...(values.kernel
      ? { kernelMs: otherMs, memoryOverKernel: memoryMs / otherMs }
      : { sqliteMs: otherMs, memoryOverSqlite: memoryMs / otherMs }),
    sqlOverMemory: sqlMs / memoryMs,
    load,
  };
  console.log(JSON.stringify(result, null, 2));
  await keep(
    values.out,
    {
      kind: "speed",
      command: `npx tsx bench/postgres.ts --faces ${faces} --seconds ${seconds}${values.kernel ? " --kernel" : ""}${shards.length > 0 ? ` --shards ${shards.length}` : ""}`,
      data: "random codes",
    },
    result,
  );
} finally {
  for (const store of opened) await store.close();
  for (const one of [server, ...shards]) await one.stop();
  await rm(folder, { recursive: true });
}
