/** pgvector is tested in PGlite alone: Debian has no package of it. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPglite } from "../../../test/support/pglite.ts";
import { noPostgres, startPostgres, type TestServer } from "../../../test/support/postgres.ts";
import { SUITE_SETTINGS } from "../../../test/support/storeSettings.ts";
import { createRng } from "../../base/random/index.ts";
import { createChecksums } from "./checksums.ts";
import { approximatePostgres, openStore, type Server } from "./index.ts";
import { approximateOn, codesIn, readApproximate } from "./postgres/approximate.ts";
import { insertFaces } from "./postgres/faces.ts";
import { nearestSql } from "./postgres/nearestSql.ts";
import { bitsOf } from "./postgres/rows.ts";
import { createTables, openTables } from "./postgres/schema.ts";
import { extensionsOf, nearestAbout, usesVector } from "./postgres/vector.ts";

const rng = createRng(31);
const [FACES, A_PERSON, PARTITIONS] = [600, 6, 2];

/** Codes of people: each picture differs in some bits from the person's own. */
const faces = Array.from({ length: FACES / A_PERSON }, (_, person) => {
  const own = Uint8Array.from({ length: 64 }, () => rng.integer(256));
  return Array.from({ length: A_PERSON }, () => {
    const code = own.slice();
    for (let flip = 0; flip < 40; flip++) code[rng.integer(64)] ^= 1 << rng.integer(8);
    return { person: `person ${person}`, code };
  });
}).flat();

const differing = (a: Uint8Array, b: Uint8Array) =>
  a.reduce((sum, byte, i) => sum + (byte ^ b[i]).toString(2).replaceAll("0", "").length, 0);

describe("a gallery on a server with pgvector", () => {
  let server: Server;
  let ids: number[];
  beforeAll(async () => {
    server = await openPglite();
    await createTables(server, SUITE_SETTINGS, { partitions: PARTITIONS });
    const how = { settings: SUITE_SETTINGS, sums: createChecksums() };
    ids = await server.transaction((db) => insertFaces(db, faces, how));
  }, 60_000);
  afterAll(() => server.close());

  const partitions = Array.from({ length: PARTITIONS }, (_, number) => number);
  const exactly = async (code: Uint8Array, k: number, vector: boolean) => {
    const sql = nearestSql({ k, bits: 512, partitions, vector });
    const { rows } = await server.query(sql, [bitsOf(code)]);
    return rows.map(({ id, distance }) => [Number(id), Number(distance)]);
  };
  const plainly = (code: Uint8Array, k: number) =>
    faces
      .map((face, i) => [ids[i], differing(code, face.code)])
      .sort((a, b) => a[1] - b[1] || a[0] - b[0])
      .slice(0, k);

  test("is recognised, and its operator finds exactly what PostgreSQL's own bits do, also beside an approximate index", async () => {
    expect(await extensionsOf(server)).toEqual({ vector: expect.stringMatching(/^0\.\d/) });
    expect(await usesVector(server)).toBe(true);
    const compare = async () => {
      for (const at of [0, 77, 301]) {
        const wanted = plainly(faces[at].code, 25);
        expect(await exactly(faces[at].code, 25, false)).toEqual(wanted);
        expect(await exactly(faces[at].code, 25, true)).toEqual(wanted);
      }
    };
    await compare();
    await expect(readApproximate(server, await openTables(server))).rejects.toThrow("no approximate index");
    const measured = await approximateOn(server, await openTables(server), {
      rng: createRng(3),
      k: 5,
      queries: 40,
    });
    expect(measured).toMatchObject({ place: "PGlite", faces: FACES, k: 5, queries: 40 });
    await compare();
    const sql = nearestSql({ k: 5, bits: 512, partitions, vector: true });
    const { rows: plan } = await server.query(`EXPLAIN ${sql}`, [bitsOf(faces[0].code)]);
    expect(JSON.stringify(plan)).not.toContain("nearest_0");
  });

  test("is searched approximately by its index, with the recall that was measured", async () => {
    const tables = await openTables(server);
    const measured = await approximateOn(server, tables, { rng: createRng(3), k: 5, queries: 40 });
    expect(await readApproximate(server, tables)).toMatchObject({ recall: measured.recall, faces: FACES });
    let [found, wanted] = [0, 0];
    for (let at = 0; at < FACES; at += 15) {
      const about = await server.transaction((db) =>
        nearestAbout(db, codesIn(tables), bitsOf(faces[at].code), 5),
      );
      expect(about[0]).toEqual({ id: ids[at], distance: 0 });
      const last = plainly(faces[at].code, 5)[4][1];
      for (const { id, distance } of about)
        expect(differing(faces[at].code, faces[ids.indexOf(id)].code)).toBe(distance);
      found += about.filter(({ distance }) => distance <= last).length;
      wanted += 5;
    }
    expect(found / wanted).toBeGreaterThan(0.9); // a small gallery, whose index is nearly whole in each search
    expect(measured.recall).toBeGreaterThan(0.9);
    expect(measured.recall).toBeLessThanOrEqual(1);
    const { rows: plan } = await server.transaction(async (db) => {
      await db.query("SET LOCAL enable_seqscan = off");
      const probe = `B'${bitsOf(faces[0].code)}'`;
      return db.query(`EXPLAIN SELECT id FROM deepid_gallery.faces_0 ORDER BY code <~> ${probe} LIMIT 5`);
    });
    expect(JSON.stringify(plan)).toContain("nearest_0");
  });

  test("is refused an index where it has no pgvector, and searched as ever", async () => {
    const bare = await openPglite(false);
    try {
      await createTables(bare, SUITE_SETTINGS, {});
      expect(await usesVector(bare)).toBe(false);
      const asked = approximateOn(bare, await openTables(bare), { rng: createRng(3) });
      await expect(asked).rejects.toThrow("no extension vector");
    } finally {
      await bare.close();
    }
  });
});

describe.skipIf(Boolean(noPostgres))(
  `a gallery on a server without it${noPostgres && ` (skipped: ${noPostgres})`}`,
  () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startPostgres();
    }, 240_000);
    afterAll(() => server?.stop());

    test("says so, and is opened as ever otherwise", async () => {
      const store = await openStore(server.url(), SUITE_SETTINGS);
      const [id] = await store.add([{ ...faces[0], vector: new Uint8Array(12) }]);
      expect((await store.nearest(faces[0].code, 1))[0].face).toBe(id);
      await store.close();
      await expect(approximatePostgres(server.url(), { rng: createRng(3) })).rejects.toThrow(
        "no extension vector",
      );
      const approximate = openStore(server.url(), SUITE_SETTINGS, { approximate: true });
      await expect(approximate).rejects.toThrow("CREATE EXTENSION vector");
    });
  },
);
