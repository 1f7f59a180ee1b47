import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noPostgres, startPostgres, type TestServer } from "../../../test/support/postgres.ts";
import { SUITE_SETTINGS, storeSuite } from "../../../test/support/storeSuite.ts";
import { createRng } from "../../base/random/index.ts";
import { type GalleryStore, initPostgres, type MemoryOptions, openStore } from "./index.ts";
import { prune } from "./postgres/changes.ts";
import { connectTo, type Queries } from "./postgres/connection.ts";
import { erase } from "./postgres/erase.ts";
import { insertFaces } from "./postgres/faces.ts";
import { HeldCodes } from "./postgres/heldCodes.ts";
import { ownerOf } from "./postgres/rows.ts";
import { stretchSql } from "./postgres/stretches.ts";

const skipped = noPostgres && ` (skipped: ${noPostgres})`;
const rng = createRng(24);
const bytes = (length: number) => Uint8Array.from({ length }, () => rng.integer(256));
const face = (person: string) => ({ person, code: bytes(64), vector: bytes(12) });
const ROOM: MemoryOptions = { bytes: 1 << 20 };
const probe = new Uint8Array(64);

describe.skipIf(Boolean(noPostgres))(`codes of a PostgreSQL gallery in memory${skipped}`, () => {
  let servers: TestServer[] = [];
  const [first, second, single] = [
    () => servers[0].url(),
    () => servers[1].url(),
    () => servers[0].url("single"),
  ];
  const query = async (url: string, sql: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };
  const empty = (url: string) =>
    query(
      url,
      "DROP SCHEMA IF EXISTS deepid_gallery CASCADE; DROP SERVER IF EXISTS deepid_gallery_0 CASCADE",
    );
  /** A new gallery, and what was opened of it; all is closed in the end. */
  const opened: { close(): Promise<void> }[] = [];
  const open = async (memory?: MemoryOptions) => {
    const store = await openStore(single(), SUITE_SETTINGS, { memory });
    opened.push(store);
    return store;
  };
  const fresh = async (memory?: MemoryOptions) => {
    for (const one of opened.splice(0)) await one.close();
    await empty(single());
    return open(memory);
  };
  const found = async (store: GalleryStore, k = 1000) =>
    (await store.nearest(probe, k)).map((hit) => hit.face);

  beforeAll(async () => {
    servers = await Promise.all([startPostgres(), startPostgres()]);
    await query(first(), "CREATE DATABASE single");
  }, 240_000);
  afterAll(async () => {
    for (const one of opened) await one.close();
    for (const server of servers) await server.stop();
  });

  storeSuite("PostgreSQL, searched from memory", {
    async open(settings) {
      await empty(single());
      return openStore(single(), settings, { memory: ROOM });
    },
    reopen: (settings) => openStore(single(), settings, { memory: ROOM }),
  });

  const someOf = { ...ROOM, partitions: [0, 2] };
  storeSuite("PostgreSQL on two servers, two of three partitions in memory", {
    async open(settings) {
      for (const url of [first(), second()]) await empty(url);
      await initPostgres(first(), SUITE_SETTINGS, { shards: [second()], partitions: 3 });
      return openStore(first(), settings, { memory: someOf });
    },
    reopen: (settings) => openStore(first(), settings, { memory: someOf }),
  });

  test("a shard makes the blocks of codes itself, and their checksums", async () => {
    for (const value of [
      "string_agg(int8send(id) || substr(bit_send(code), 5), ''::bytea ORDER BY id)",
      "md5(coalesce(string_agg(int8send(id) || substr(bit_send(code), 5), ''::bytea ORDER BY id), ''))",
    ]) {
      const sql = stretchSql(value, 0).replace("$1", "1").replace("$2", "9");
      const plan = await query(first(), `EXPLAIN (VERBOSE, COSTS OFF) ${sql}`);
      expect(JSON.stringify(plan)).toMatch(/Remote SQL: SELECT count\(\*\), .*string_agg/);
    }
  });

  test("however transactions of several writers overlap, every reader finds what was acknowledged and nothing that was removed", {
    timeout: 120_000,
  }, async () => {
    const record = await fresh();
    const readers = [await open(ROOM), await open(ROOM), await open(ROOM)];
    const writers = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const client = new pg.Client({ connectionString: single() });
        await client.connect();
        const db: Queries = { query: (sql, values = []) => client.query(sql, [...values]) };
        opened.push({ close: () => client.end() });
        return { db, adds: [] as number[], removes: [] as number[], isOpen: false };
      }),
    );
    const truth = new Set<number>();
    const busy = new Set<number>(); // faces that an open transaction removes
    for (let step = 0; step < 400; step++) {
      const writer = writers[rng.integer(writers.length)];
      const { db } = writer;
      if (!writer.isOpen) {
        await db.query("BEGIN");
        writer.isOpen = true;
      }
      const act = rng.integer(10);
      const free = [...truth].filter((id) => !busy.has(id));
      if (act < 4) {
        const faces = Array.from({ length: 1 + rng.integer(3) }, (_, i) => face(`person ${step} ${i}`)); // no two writers wait for one person
        writer.adds.push(...(await insertFaces(db, faces, SUITE_SETTINGS)));
      } else if (act < 7 && free.length > 0) {
        const id = free[rng.integer(free.length)];
        busy.add(id);
        await erase(db, await ownerOf(db, id), "id", id);
        writer.removes.push(id);
      } else {
        const isKept = act < 9;
        await db.query(isKept ? "COMMIT" : "ROLLBACK");
        for (const id of writer.removes) busy.delete(id);
        if (isKept) {
          for (const id of writer.adds) truth.add(id);
          for (const id of writer.removes) truth.delete(id);
        }
        Object.assign(writer, { adds: [], removes: [], isOpen: false });
      }
      const reader = readers[rng.integer(readers.length)];
      if (rng.integer(3) > 0) {
        expect(new Set(await found(reader))).toEqual(truth);
        if (rng.integer(8) === 0)
          expect(await reader.nearest(probe, 7)).toEqual(await record.nearest(probe, 7));
        expect(reader.held!()).toMatchObject({ state: "held", codes: truth.size, repaired: 0 });
      }
    }
    for (const { db } of writers) await db.query("ROLLBACK");
    for (const reader of readers) expect(new Set(await found(reader))).toEqual(truth);
    expect(truth.size).toBeGreaterThan(50);
  });

  test("while others add and remove at once, no search finds a face whose removal was acknowledged before", {
    timeout: 120_000,
  }, async () => {
    const store = await fresh();
    const readers = [await open(ROOM), await open(ROOM)];
    const there = new Set(await store.add(Array.from({ length: 60 }, (_, i) => face(`person ${i}`))));
    const gone = new Set<number>();
    let isOver = false;
    const writing = Promise.all(
      [0, 1, 2].map(async (writer) => {
        for (let i = 0; i < 40; i++) {
          const [id] = await store.add([face(`writer ${writer} ${i}`)]);
          there.add(id);
          const mine = [...there].filter((one) => one % 3 === writer);
          const victim = mine[rng.integer(mine.length)];
          there.delete(victim);
          await store.removeFace(victim);
          gone.add(victim);
        }
      }),
    ).finally(() => {
      isOver = true;
    });
    let searches = 0;
    const reading = readers.map(async (reader) => {
      while (!isOver) {
        const [before, known] = [[...gone], [...there]];
        const hits = new Set(await found(reader));
        expect(before.filter((id) => hits.has(id))).toEqual([]);
        expect(known.filter((id) => !hits.has(id) && there.has(id))).toEqual([]);
        searches++;
      }
    });
    await Promise.all([writing, ...reading]);
    expect(searches).toBeGreaterThan(20);
    for (const reader of readers) {
      expect(new Set(await found(reader))).toEqual(there);
      expect(reader.held!()).toMatchObject({ codes: there.size, repaired: 0 });
    }
  });

  test("is told of changes while nobody searches, and compares what it holds with the record", async () => {
    const store = await fresh();
    const ids = await store.add(Array.from({ length: 50 }, (_, i) => face(`person ${i}`)));
    const server = connectTo(single());
    const held = new HeldCodes(server, { codeBytes: 64, partitions: 1 }, ROOM);
    opened.push(held, server);
    await held.load();
    await store.removeFace(ids[3]);
    await expect.poll(() => held.status().codes).toBe(49);
    expect(held.status()).toMatchObject({ state: "held", hears: true });
    expect(await held.verify()).toBe(0);
    // Somebody writes past this program: the log does not know, the checksums do.
    await query(single(), `DELETE FROM deepid_gallery.faces WHERE id = ${ids[5]}`);
    await query(single(), `UPDATE deepid_gallery.faces SET code = ~code WHERE id = ${ids[6]}`);
    expect((await held.nearest(probe, 99)).length).toBe(49);
    expect(await held.verify()).toBe(1);
    const distances = new Map((await store.nearest(probe, 99)).map((hit) => [hit.face, hit.distance]));
    expect(new Map((await held.nearest(probe, 99)).map((hit) => [hit.id, hit.distance]))).toEqual(distances);
    expect(await held.verify()).toBe(0);
  });

  test("who was away for longer than the log is kept compares everything before memory is believed", async () => {
    const store = await fresh();
    await store.add(Array.from({ length: 50 }, (_, i) => face(`person ${i}`)));
    const server = connectTo(single());
    const deaf = { ...server, listen: () => Promise.reject(new Error("nothing is told")) };
    const held = new HeldCodes(deaf, { codeBytes: 64, partitions: 1 }, ROOM);
    opened.push(held, server);
    await held.load();
    const forget = () => server.transaction((db) => prune(db, "0 seconds"));
    await forget();
    expect(await held.follow()).toBe(true); // what was forgotten is older than what it has read
    await store.add([face("Ann")]);
    for (let i = 0; i < 2; i++) await forget();
    expect(await query(single(), "SELECT * FROM deepid_gallery.changes")).toEqual([]);
    expect(await held.follow()).toBe(false);
    await expect.poll(() => held.status()).toMatchObject({ state: "held", codes: 51, repaired: 1 });
    expect(await held.follow()).toBe(true);
  });

  test("where memory is too small the server is searched, and the same is found", async () => {
    const store = await fresh();
    await store.add(Array.from({ length: 300 }, (_, i) => face(`person ${i}`)));
    const small = await open({ bytes: 76 * 310 });
    expect(await found(small)).toHaveLength(300);
    expect(small.held!()).toMatchObject({ state: "held", codes: 300, bytes: 76 * 300 });
    await store.add(Array.from({ length: 20 }, () => face("more")));
    expect(await small.nearest(probe, 320)).toEqual(await store.nearest(probe, 320));
    expect(small.held!()).toMatchObject({ state: "too large", codes: 0 });
    expect(await found(small)).toHaveLength(320);
    await expect(open({ ...ROOM, partitions: [1] })).rejects.toThrow("there is no partition 1, only 0 to 0");
  });

  test("a gallery of the version before gets its log when it is opened, and is followed from there", async () => {
    const old = await fresh();
    const ids = await old.add([face("Ann"), face("Bo")]);
    await query(
      single(),
      `DROP TABLE deepid_gallery.changes;
       DELETE FROM deepid_gallery.settings WHERE name = 'changesKept';
       UPDATE deepid_gallery.settings SET value = '3' WHERE name = 'version'`,
    );
    const [one, other] = await Promise.all([open(ROOM), open(ROOM)]);
    expect(await found(one)).toHaveLength(2);
    const [third] = await other.add([face("Cy")]);
    await other.removeFace(ids[0]);
    expect(new Set(await found(one))).toEqual(new Set([ids[1], third]));
    expect(one.held!()).toMatchObject({ state: "held", codes: 2 });
  });
});
