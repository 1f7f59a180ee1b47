import pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { noPostgres, startPostgres, type TestServer } from "../../../test/support/postgres.ts";
import { emptyDatabase, query } from "../../../test/support/postgresGallery.ts";
import { SUITE_SETTINGS, storeSuite } from "../../../test/support/storeSuite.ts";
import { InputError } from "../../base/errors/index.ts";
import { createRng } from "../../base/random/index.ts";
import { initPostgres, movePartition, openStore, planRebalance, postgresStatus } from "./index.ts";
import { connectTo } from "./postgres/connection.ts";
import { HAVE_VALUE } from "./postgres/faces.ts";
import { nearestSql } from "./postgres/nearestSql.ts";
import { LOCK } from "./postgres/versions.ts";

const skipped = noPostgres && ` (skipped: ${noPostgres})`;
const rng = createRng(4);
const bytes = (length: number) => Uint8Array.from({ length }, () => rng.integer(256));
const face = (person: string) => ({ person, code: bytes(64), vector: bytes(12) });

describe.skipIf(Boolean(noPostgres))(`PostgreSQL${skipped}`, () => {
  let servers: TestServer[] = [];
  const [coordinator, first, second] = [0, 1, 2].map((i) => () => servers[i].url());
  const single = () => servers[0].url("single");
  const initSharded = async () => {
    for (const url of [coordinator(), first(), second()]) await emptyDatabase(url);
    await initPostgres(coordinator(), SUITE_SETTINGS, { shards: [first(), second()], partitions: 4 });
  };

  beforeAll(async () => {
    servers = await Promise.all([startPostgres(), startPostgres(), startPostgres()]);
    for (const name of ["single", "third"]) await query(coordinator(), `CREATE DATABASE ${name}`);
  }, 240_000);
  afterAll(async () => {
    for (const server of servers) await server.stop();
  });

  test("a server that stalls is not waited for, not even to say goodbye", async () => {
    const server = connectTo(single(), { queryMs: 300 });
    const { rows } = await server.query("SELECT pg_backend_pid() AS pid");
    process.kill(rows[0].pid, "SIGSTOP");
    try {
      const started = performance.now();
      await expect(server.query("SELECT 1")).rejects.toThrow("the server does not answer");
      const work = server.transaction((db) => db.query("SELECT 1")); // by another connection, as the first is given up
      expect((await work).rowCount).toBe(1);
      await server.close();
      expect(performance.now() - started).toBeLessThan(10_000);
    } finally {
      process.kill(rows[0].pid, "SIGCONT");
    }
  });

  storeSuite("PostgreSQL", {
    async open(settings) {
      await emptyDatabase(single());
      return openStore(single(), settings);
    },
    reopen: (settings) => openStore(single(), settings),
  });

  storeSuite("PostgreSQL over two shards", {
    async open(settings) {
      await initSharded();
      return openStore(coordinator(), settings);
    },
    reopen: (settings) => openStore(coordinator(), settings),
  });

  describe("a sharded gallery", () => {
    beforeAll(initSharded);

    test("spreads its faces over the servers, and says where they are", async () => {
      const store = await openStore(coordinator());
      await store.add(Array.from({ length: 200 }, (_, i) => face(`person ${i % 20}`)));
      await store.close();
      const status = await postgresStatus(coordinator());
      expect(status).toMatchObject({ people: 20, faces: 200, settings: SUITE_SETTINGS });
      const place = (url: string) => url.replace("postgres://postgres@", "");
      expect(status.partitions.map(({ server }) => server)).toEqual(
        [first(), second(), first(), second()].map(place),
      );
      for (const { faces } of status.partitions) expect(faces).toBeGreaterThan(20);
      const [{ count }] = await query(first(), "SELECT count(*)::int FROM deepid_gallery.faces_2");
      expect(count).toBe(status.partitions[2].faces);
      await expect(initPostgres(coordinator(), SUITE_SETTINGS)).rejects.toThrow("a gallery already exists");
    });

    test.each([false, true])(
      "sends the work to all shards: order and limit at once, or the filter (%s)",
      async (filtered) => {
        const code = "0".repeat(512);
        const sql = nearestSql({ k: 10, bits: 512, partitions: [0, 1, 2, 3], filtered });
        const plan = (
          await query(
            coordinator(),
            `EXPLAIN (VERBOSE, COSTS OFF) ${sql.replaceAll("$1", `'${code}'`).replaceAll("$2", `'$."at" >= 1'`)}`,
          )
        ).map((row) => row["QUERY PLAN"]);
        if (!filtered) expect(plan.filter((line) => line.includes("Async Foreign Scan"))).toHaveLength(4);
        const remote = plan.filter((line) => line.includes("Remote SQL"));
        expect(remote).toHaveLength(4);
        const sent = filtered ? /WHERE \(\(fields @@ / : /ORDER BY bit_count\(.*, id ASC.* LIMIT 10/;
        for (const line of remote) expect(line).toMatch(sent);
      },
    );

    test("asks the shards alone which pictures are there, and they have an index for it", async () => {
      const sql = HAVE_VALUE.replace("$1", "'picture'").replace("$2", "ARRAY['\"a\"']");
      const plan = await query(coordinator(), `EXPLAIN (VERBOSE, COSTS OFF) SELECT id FROM ${sql}`);
      expect(JSON.stringify(plan).match(/Remote SQL[^}]*WHERE[^}]*picture/g)).toHaveLength(4);
      const indexes = await query(first(), "SELECT indexdef FROM pg_indexes WHERE tablename = 'faces_0'");
      expect(JSON.stringify(indexes)).toContain("fields['picture'::text]");
    });

    test("a plan to rebalance is carried out: a new server gets its share, nothing is lost, and all is found as before", async () => {
      const third = servers[0].url("third");
      const place = (url: string) => url.replace("postgres://postgres@", "");
      const urls = [first(), second(), third];
      const before = await postgresStatus(coordinator());
      const moves = planRebalance(before.partitions, urls.map(place));
      expect(moves.length).toBeGreaterThan(0);
      const store = await openStore(coordinator());
      const probe = bytes(64);
      const found = await store.nearest(probe, 200);
      for (const { partition, to, faces } of moves) {
        const target = urls.find((url) => place(url) === to)!;
        expect(await movePartition(coordinator(), partition, target)).toMatchObject({ partition, faces });
        await expect(movePartition(coordinator(), partition, target)).rejects.toThrow(
          `holds ${partition} already`,
        );
      }
      const after = await postgresStatus(coordinator());
      expect(planRebalance(after.partitions, urls.map(place))).toEqual([]);
      expect(after.partitions.map(({ faces }) => faces)).toEqual(before.partitions.map(({ faces }) => faces));
      expect(await store.nearest(probe, 200)).toEqual(found);
      const [id] = await store.add([face("newcomer")]);
      expect((await store.removeFace(id)).personRemoved).toBe(true);
      await store.close();
      const [{ there }] = await query(
        urls.find((url) => place(url) === moves[0].from)!,
        `SELECT to_regclass('deepid_gallery.${moves[0].partition}') IS NOT NULL AS there`,
      );
      expect(there).toBe(false);
      await expect(movePartition(coordinator(), "faces_9", third)).rejects.toThrow(
        "there is no partition faces_9",
      );
    });

    test("fails whole when a shard was killed: no partial answer", async () => {
      const store = await openStore(coordinator());
      expect(await store.nearest(bytes(64), 5)).toHaveLength(5);
      await servers[2].kill();
      for (let attempt = 0; attempt < 2; attempt++) {
        await expect(store.nearest(bytes(64), 5)).rejects.toThrow(InputError);
      }
      await expect(store.add(Array.from({ length: 40 }, () => face("new")))).rejects.toThrow(InputError);
      expect(await store.person("person 3").catch(() => "refused")).toBe("refused");
      await store.close();
      const { health, partitions } = await postgresStatus(coordinator());
      const silent = partitions.filter(({ name }) => health.searchMs[name] === undefined);
      expect(new Set(silent.map(({ server }) => server)).size).toBe(1);
      for (const { name } of silent) {
        expect(health.findings.join("\n")).toContain(`${name} cannot be searched: `);
      }
    });
  });

  test("an init that fails leaves nothing behind, and one on a used shard says so", async () => {
    for (const url of [coordinator(), first()]) await emptyDatabase(url);
    await query(coordinator(), "CREATE SCHEMA deepid_gallery"); // in the way of the coordinator's tables
    const init = () => initPostgres(coordinator(), SUITE_SETTINGS, { shards: [first()] });
    await expect(init()).rejects.toThrow("already exists");
    const schema = () => query(first(), "SELECT to_regnamespace('deepid_gallery') IS NOT NULL AS there");
    expect(await schema()).toEqual([{ there: false }]);
    await emptyDatabase(coordinator());
    await query(first(), "CREATE SCHEMA deepid_gallery");
    await expect(init()).rejects.toThrow("there is a schema deepid_gallery already");
    await emptyDatabase(first());
    await init();
    expect((await postgresStatus(coordinator())).partitions).toHaveLength(1);
  });

  test("several that come to an empty database at once make its tables once", async () => {
    await emptyDatabase(single());
    const holder = new pg.Client(single());
    await holder.connect();
    await holder.query("SELECT pg_advisory_lock($1)", [LOCK]);
    const opening = Array.from({ length: 4 }, () => openStore(single(), SUITE_SETTINGS));
    const waiting = "SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
    await vi.waitUntil(async () => (await holder.query(waiting)).rows[0].n === 4, { timeout: 10_000 });
    await holder.end();
    const stores = await Promise.all(opening);
    for (const store of stores) await store.close();
    expect((await postgresStatus(single())).people).toBe(0);
  });

  test("what is slow is said with its reason", async () => {
    await emptyDatabase(single());
    await (await openStore(single(), SUITE_SETTINGS)).close();
    const calm = (await postgresStatus(single())).health;
    expect(calm.findings.filter((finding) => /lock|VACUUM|transaction/.test(finding))).toEqual([]);
    expect(calm.searchMs).toEqual({ faces_0: expect.any(Number) });
    const clients = [0, 1].map(() => new pg.Client({ connectionString: single() }));
    for (const client of clients) await client.connect();
    await clients[0].query("SELECT pg_advisory_lock(7)");
    const waiting = clients[1].query("SELECT pg_advisory_lock(7)");
    await expect
      .poll(async () => (await postgresStatus(single())).health.findings)
      .toContain("1 sessions wait for a lock");
    await clients[0].end();
    await waiting;
    await clients[1].end();
  });

  test("a database that is not there, or holds no gallery, is refused by name and without password", async () => {
    await emptyDatabase(single());
    await expect(openStore(single())).rejects.toThrow("there is no gallery here");
    const nowhere = single().replace("postgres@", "postgres:secret@").replace("/single", "/nowhere");
    const refused = openStore(nowhere);
    await expect(refused).rejects.toThrow("there is no such database");
    await expect(refused).rejects.not.toThrow("secret");
    await expect(openStore("postgres://postgres@127.0.0.1:1/x")).rejects.toThrow("does not answer");
  });
});

describe("a plan to rebalance", () => {
  const partition = (number: number, server: string, faces: number) => ({
    name: `faces_${number}`,
    server,
    faces,
  });

  test("moves partitions to a new server until no move makes the fullest smaller", () => {
    const six = [40, 30, 20, 40, 30, 20].map((faces, i) => partition(i, i < 3 ? "a" : "b", faces));
    const moves = planRebalance(six, ["a", "b", "c"]);
    const after = six.map((part) => ({
      ...part,
      server: moves.find((m) => m.partition === part.name)?.to ?? part.server,
    }));
    const load = (server: string) =>
      after.filter((part) => part.server === server).reduce((sum, { faces }) => sum + faces, 0);
    expect(["a", "b", "c"].map(load)).toEqual([50, 60, 70]); // from 90, 90 and 0
    expect(moves).toHaveLength(2);
    expect(planRebalance(after, ["a", "b", "c"])).toEqual([]);
  });

  test("empties a server that is to go", () => {
    const moves = planRebalance([partition(0, "a", 5), partition(1, "b", 5), partition(2, "b", 0)], ["a"]);
    expect(moves.map(({ partition: name, from, to }) => [name, from, to])).toEqual([
      ["faces_1", "b", "a"],
      ["faces_2", "b", "a"],
    ]);
  });
});
