import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noPostgres, startPostgres, type TestServer } from "../../../test/support/postgres.ts";
import {
  emptyDatabase,
  found,
  galleriesAt,
  query,
  ROOM,
  randomFaces,
} from "../../../test/support/postgresGallery.ts";
import { SUITE_SETTINGS, storeSuite } from "../../../test/support/storeSuite.ts";
import { initPostgres, type MemoryOptions, openStore } from "./index.ts";
import type { Queries } from "./postgres/connection.ts";
import { stretchSql } from "./postgres/stretches.ts";

const skipped = noPostgres && ` (skipped: ${noPostgres})`;
const { face } = randomFaces(24);
const probe = new Uint8Array(64);

describe.skipIf(Boolean(noPostgres))(`codes of a PostgreSQL gallery in memory${skipped}`, () => {
  let servers: TestServer[] = [];
  const [first, second, single] = [
    () => servers[0].url(),
    () => servers[1].url(),
    () => servers[0].url("single"),
  ];
  const { open, fresh, close, keep } = galleriesAt(single);
  const openAt = async (url: string, memory?: MemoryOptions) =>
    keep(await openStore(url, SUITE_SETTINGS, { memory }));

  beforeAll(async () => {
    servers = await Promise.all([startPostgres(), startPostgres()]);
    await query(first(), "CREATE DATABASE single");
  }, 240_000);
  afterAll(async () => {
    await close();
    for (const server of servers) await server.stop();
  });

  const initSharded = async () => {
    for (const url of [first(), second()]) await emptyDatabase(url);
    await initPostgres(first(), SUITE_SETTINGS, { shards: [second()], partitions: 3 });
  };

  storeSuite("PostgreSQL, searched from memory", {
    async open(settings) {
      await emptyDatabase(single());
      return openStore(single(), settings, { memory: ROOM });
    },
    reopen: (settings) => openStore(single(), settings, { memory: ROOM }),
  });

  const someOf = { ...ROOM, partitions: [0, 2] };
  storeSuite("PostgreSQL on two servers, two of three partitions in memory", {
    async open(settings) {
      await initSharded();
      return openStore(first(), settings, { memory: someOf });
    },
    reopen: (settings) => openStore(first(), settings, { memory: someOf }),
  });

  test("a shard makes the blocks of codes itself, and their checksums", async () => {
    await initSharded();
    for (const value of [
      "string_agg(int8send(id) || int8send(person) || substr(bit_send(code), 5), ''::bytea ORDER BY id)",
      "md5(coalesce(string_agg(int8send(id) || int8send(person) || substr(bit_send(code), 5), ''::bytea ORDER BY id), ''))",
    ]) {
      const sql = stretchSql(value, 0).replace("$1", "1").replace("$2", "9");
      const plan = await query(first(), `EXPLAIN (VERBOSE, COSTS OFF) ${sql}`);
      expect(JSON.stringify(plan)).toMatch(/Remote SQL: SELECT count\(\*\), .*string_agg/);
    }
  });

  test("where memory is too small the server is searched, and the same is found", async () => {
    const store = await fresh();
    await store.add(Array.from({ length: 300 }, (_, i) => face(`person ${i}`)));
    const small = await open({ bytes: 84 * 310 });
    expect(await found(small)).toHaveLength(300);
    expect(small.held!()).toMatchObject({ state: "held", codes: 300, bytes: 84 * 300 });
    await store.add(Array.from({ length: 20 }, () => face("more")));
    expect(await small.nearest(probe, 320)).toEqual(await store.nearest(probe, 320));
    expect(small.held!()).toMatchObject({ state: "too large", codes: 0 });
    expect(await found(small)).toHaveLength(320);
    await expect(open({ ...ROOM, partitions: [1] })).rejects.toThrow("there is no partition 1, only 0 to 0");
  });

  test("whose a face is, is known without its server, and follows when it is given to another person", async () => {
    await initSharded();
    const store = await openAt(first());
    const ids = await store.add(["Ann", "Ann", "Bo", "Cy", "Cy", "Di"].map(face));
    const reader = await openAt(first(), ROOM);
    const { server } = reader as unknown as { readonly server: Queries };
    const ask = server.query.bind(server);
    const asked: string[] = [];
    server.query = (sql, values) => {
      asked.push(sql);
      return ask(sql, values);
    };
    const look = async () => {
      const hits = await reader.nearest(probe, 9);
      expect(hits).toEqual(await store.nearest(probe, 9));
      return hits;
    };
    for (let i = 0; i < 2; i++) expect(await look()).toHaveLength(6);
    asked.length = 0;
    await look();
    expect(asked).toHaveLength(1);
    expect(asked[0]).not.toContain(".faces");

    await store.moveFace(ids[0], "Bo");
    await look();
    await store.merge("Bo", "Cy");
    const hits = await look();
    expect(hits.filter(({ person }) => person.name === "Cy")).toHaveLength(4);
    await store.rename("Cy", "Cleo");
    await look();
    await store.removePerson("Di");
    expect(await look()).toHaveLength(5);
    expect(reader.held!()).toMatchObject({ state: "held", codes: 5, repaired: 0 });
    // Past this program, and so past the log: the person is there no more, and the face is asked for.
    const [{ id }] = await query(first(), "SELECT id FROM deepid_gallery.people WHERE name = 'Ann'");
    await query(
      first(),
      `UPDATE deepid_gallery.faces SET person = ${hits.find(({ person }) => person.name === "Cy")!.person.id} WHERE person = ${id}`,
    );
    await query(first(), `DELETE FROM deepid_gallery.people WHERE id = ${id}`);
    await look();
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
