import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noPostgres, startPostgres, type TestServer } from "../../../test/support/postgres.ts";
import { found, galleriesAt, query, ROOM, randomFaces } from "../../../test/support/postgresGallery.ts";
import { SUITE_SETTINGS } from "../../../test/support/storeSettings.ts";
import { createChecksums } from "./checksums.ts";
import { prune } from "./postgres/changes.ts";
import { connectTo, POSTGRES_LIMITS, type Queries } from "./postgres/connection.ts";
import { erase } from "./postgres/erase.ts";
import { insertFaces } from "./postgres/faces.ts";
import { HeldCodes } from "./postgres/heldCodes.ts";
import { giveFaces, ownerOf, personIds } from "./postgres/rows.ts";

const skipped = noPostgres && ` (skipped: ${noPostgres})`;
const { rng, face } = randomFaces(24);
const probe = new Uint8Array(64);

describe.skipIf(Boolean(noPostgres))(`memory that follows a PostgreSQL gallery${skipped}`, () => {
  let server: TestServer;
  const single = () => server.url();
  const { keep, open, fresh, close } = galleriesAt(single);

  beforeAll(async () => {
    server = await startPostgres();
  }, 240_000);
  afterAll(async () => {
    await close();
    await server?.stop();
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
        keep({ close: () => client.end() });
        return { db, adds: [] as number[], removes: [] as number[], gives: [] as number[], isOpen: false };
      }),
    );
    const truth = new Set<number>();
    const busy = new Set<number>(); // faces that an open transaction removes or gives to another person
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
        writer.adds.push(
          ...(await insertFaces(db, faces, { settings: SUITE_SETTINGS, sums: createChecksums() })),
        );
      } else if (act === 4 && free.length > 0) {
        const id = free[rng.integer(free.length)];
        busy.add(id);
        const [sums, name] = [createChecksums(), `person ${step}`];
        const person = (await personIds(db, [name], sums)).get(name)!;
        await giveFaces(db, ["id", id], { person, sums });
        writer.gives.push(id);
      } else if (act < 7 && free.length > 0) {
        const id = free[rng.integer(free.length)];
        busy.add(id);
        await erase(db, await ownerOf(db, id), "id", id);
        writer.removes.push(id);
      } else {
        const isKept = act < 9;
        await db.query(isKept ? "COMMIT" : "ROLLBACK");
        for (const id of [...writer.removes, ...writer.gives]) busy.delete(id);
        if (isKept) {
          for (const id of writer.adds) truth.add(id);
          for (const id of writer.removes) truth.delete(id);
        }
        Object.assign(writer, { adds: [], removes: [], gives: [], isOpen: false });
      }
      const reader = readers[rng.integer(readers.length)];
      if (rng.integer(3) > 0) {
        expect(new Set(await found(reader))).toEqual(truth);
        if (rng.integer(8) === 0)
          expect(await reader.nearest(probe, 99)).toEqual(await record.nearest(probe, 99));
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

  test("what changes between the search of memory and the question after it is taken up", async () => {
    const store = await fresh();
    const [gone, stays] = await store.add([face("Ann"), face("Ben")]);
    const reader = await open(ROOM);
    for (let look = 0; look < 2; look++) expect(new Set(await found(reader))).toEqual(new Set([gone, stays]));
    const { server: asked } = reader as unknown as { readonly server: { query: Queries["query"] } };
    const { query } = asked;
    let added = 0;
    asked.query = async (...question) => {
      if (question[0].includes("AS unchanged")) {
        asked.query = query;
        [added] = await store.add([face("Cleo")]); // memory has been searched
        await store.removeFace(gone);
      }
      return query(...question);
    };
    expect(new Set(await found(reader))).toEqual(new Set([stays, added]));
    expect(asked.query).toBe(query);
  });

  test("is told of changes while nobody searches, and compares what it holds with the record", async () => {
    const store = await fresh();
    const ids = await store.add(Array.from({ length: 50 }, (_, i) => face(`person ${i}`)));
    const server = keep(connectTo(single()));
    const held = keep(
      new HeldCodes(server, { codeBytes: 64, model: SUITE_SETTINGS.model, partitions: 1 }, ROOM),
    );
    await held.load();
    await store.removeFace(ids[3]);
    await expect.poll(() => held.status().codes).toBe(49);
    expect(held.status()).toMatchObject({ state: "held", hears: true });
    expect(await held.verify()).toBe(0);
    // Somebody writes past this program: the log does not know, the checksums do.
    await query(single(), `DELETE FROM deepid_gallery.faces WHERE id = ${ids[5]}`);
    await query(single(), `UPDATE deepid_gallery.faces SET code = ~code WHERE id = ${ids[6]}`);
    expect(await held.nearest(probe, 99)).toHaveLength(49);
    expect(await held.verify()).toBe(1);
    const distances = new Map((await store.nearest(probe, 99)).map((hit) => [hit.face, hit.distance]));
    expect(new Map((await held.nearest(probe, 99))!.map((hit) => [hit.id, hit.distance]))).toEqual(distances);
    expect(await held.verify()).toBe(0);
  });

  test("who was away for longer than the log is kept compares everything before memory is believed", async () => {
    const store = await fresh();
    await store.add(Array.from({ length: 50 }, (_, i) => face(`person ${i}`)));
    const server = keep(connectTo(single()));
    const deaf = { ...server, listen: () => Promise.reject(new Error("nothing is told")) };
    const held = keep(
      new HeldCodes(deaf, { codeBytes: 64, model: SUITE_SETTINGS.model, partitions: 1 }, ROOM),
    );
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

  test("a server that dies gives no answer, never an old one; all is well soon after it is back", {
    timeout: 120_000,
  }, async () => {
    const store = await fresh();
    const ids = await store.add(Array.from({ length: 50 }, (_, i) => face(`person ${i}`)));
    const reader = await open(ROOM);
    expect(await found(reader)).toHaveLength(50);
    await server.kill();
    const started = performance.now();
    await expect(reader.nearest(probe, 5)).rejects.toThrow("the server does not answer");
    expect(performance.now() - started).toBeLessThan(10_000);
    await server.restart();
    const back = performance.now();
    await expect
      .poll(() => store.removeFace(ids[0]).catch(() => undefined), { timeout: 10_000 })
      .toMatchObject({ faces: [ids[0]] });
    await expect.poll(() => found(reader).catch(() => []), { timeout: 10_000 }).toEqual(await found(store));
    await expect
      .poll(() => reader.held!(), { timeout: 10_000 })
      .toMatchObject({ state: "held", codes: 49, repaired: 0, hears: true });
    expect(performance.now() - back).toBeLessThan(10_000);
  });

  test.skipIf(process.platform !== "linux")(
    "a server that stalls ends every search in its time, and all is well when it goes on",
    {
      timeout: 120_000,
    },
    async () => {
      const store = await fresh();
      const ids = await store.add(Array.from({ length: 50 }, (_, i) => face(`person ${i}`)));
      const reader = await open(ROOM);
      expect(await found(reader)).toHaveLength(50);
      server.stall();
      try {
        const started = performance.now();
        const searches = await Promise.allSettled([0, 1, 2].map(() => reader.nearest(probe, 5)));
        expect(searches.map(({ status }) => status)).toEqual(Array(3).fill("rejected"));
        expect(performance.now() - started).toBeLessThan(POSTGRES_LIMITS.queryMs + 5_000);
      } finally {
        server.resume();
      }
      const back = performance.now();
      await expect.poll(() => found(reader).catch(() => []), { timeout: 10_000 }).toHaveLength(50);
      await store.removeFace(ids[0]);
      expect(await found(reader)).toHaveLength(49);
      expect(performance.now() - back).toBeLessThan(10_000);
    },
  );
});
