/** Rows of a PostgreSQL gallery that somebody altered past this program. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noPostgres, startPostgres, type TestServer } from "../../../test/support/postgres.ts";
import { emptyDatabase, query } from "../../../test/support/postgresGallery.ts";
import { vectorOf } from "../../../test/support/storeSettings.ts";
import { Interruption } from "../../base/errors/index.ts";
import { createRng } from "../../base/random/index.ts";
import { type GalleryStore, initPostgres, movePartition, openStore } from "./index.ts";
import { createSealer } from "./seal.ts";

const skipped = noPostgres && ` (skipped: ${noPostgres})`;
const KEY = Buffer.alloc(32, 7);
const rng = createRng(3);
const bytes = (length: number) => Uint8Array.from({ length }, () => rng.integer(256));

const S = "deepid_gallery";

const ALTERATIONS: readonly [what: string, sql: string, reason: RegExp][] = [
  [
    "a bit of a code",
    `UPDATE ${S}.faces SET code = set_bit(code, 3, 1 - get_bit(code, 3)) WHERE id = 2`,
    /face 2.*checksum/,
  ],
  [
    "a bit of a vector",
    `UPDATE ${S}.faces SET vector = set_bit(vector, 9, 1 - get_bit(vector, 9)) WHERE id = 1`,
    /face 1.*checksum/,
  ],
  ["a thumbnail", `UPDATE ${S}.faces SET thumbnail = '\\x00' WHERE id = 3`, /face 3.*thumbnail/],
  [
    "a field",
    `UPDATE ${S}.faces SET fields = jsonb_set(fields, '{year}', '2025') WHERE id = 1`,
    /face 1.*checksum/,
  ],
  ["a person's name", `UPDATE ${S}.people SET name = 'Eve' WHERE name = 'Bob'`, /person 2.*name was altered/],
  ["the owner of a face", `UPDATE ${S}.faces SET person = 2 WHERE id = 1`, /face 1.*checksum/],
  [
    "two vectors exchanged",
    `UPDATE ${S}.faces f SET vector = g.vector FROM ${S}.faces g WHERE f.id < 3 AND g.id = 3 - f.id`,
    /face 1(?:.|\n)*face 2/,
  ],
  [
    "a thumbnail deleted with its seal",
    `UPDATE ${S}.faces SET thumbnail = NULL, thumbnail_checksum = NULL WHERE id = 3`,
    /face 3.*thumbnail.*not there/,
  ],
  ["a face's seal removed", `UPDATE ${S}.faces SET checksum = NULL WHERE id = 2`, /face 2.*checksum/],
  ["a person's seal removed", `UPDATE ${S}.people SET checksum = NULL WHERE id = 1`, /person 1.*checksum/],
  [
    "a thumbnail's seal removed",
    `UPDATE ${S}.faces SET thumbnail_checksum = NULL WHERE id = 2`,
    /face 2.*thumbnail/,
  ],
  [
    "a row that vanished from people",
    `DELETE FROM ${S}.people WHERE name = 'Bob'`,
    /face 3.*person is not there/,
  ],
  [
    "a thumbnail that was deleted",
    `UPDATE ${S}.faces SET thumbnail = NULL WHERE id = 3`,
    /face 3.*thumbnail.*not there/,
  ],
];

describe.skipIf(Boolean(noPostgres))(`checksums in PostgreSQL${skipped}`, () => {
  let servers: TestServer[] = [];
  const url = () => servers[0].url();
  const shard = () => servers[1].url();

  beforeAll(async () => {
    servers = await Promise.all([startPostgres(), startPostgres()]);
  }, 240_000);
  afterAll(async () => {
    for (const server of servers) await server.stop();
  });

  /** A gallery of two faces of Ann and one of Bob, closed again. */
  async function made(key?: Uint8Array, sharded = false): Promise<void> {
    for (const one of [url(), shard()]) await emptyDatabase(one);
    const sealer = key && createSealer(key);
    const settings = { model: "m", codeBytes: 8, dimension: 2, keyCheck: sealer?.check ?? "" };
    if (sharded) await initPostgres(url(), settings, { shards: [shard()], partitions: 2 });
    const face = (person: string, i: number) => {
      const code = bytes(8);
      const vector = sealer ? sealer.seal(vectorOf(i), "vector", code) : vectorOf(i);
      const thumbnail = sealer ? sealer.seal(bytes(40), "thumbnail", code) : bytes(40);
      return {
        person,
        code,
        vector,
        thumbnail,
        fields: { year: 2024, picture: `${person}/${i}`, a: true },
      };
    };
    const store = await openStore(url(), settings, { key });
    await store.add([face("Ann", 1), face("Ann", 2), face("Bob", 3)]);
    await store.close();
  }

  async function opened<T>(key: Uint8Array | undefined, use: (store: GalleryStore) => Promise<T>) {
    const store = await openStore(url(), undefined, { key });
    try {
      return await use(store);
    } finally {
      await store.close();
    }
  }

  const check = (key?: Uint8Array) => opened(key, (store) => store.check());
  const soundWith = (key?: Uint8Array) => ({ checksums: key ? "keyed" : "plain", damage: [] });
  /** The tables as version 4 of this program had them. */
  async function toVersion4(): Promise<void> {
    await query(url(), `ALTER TABLE ${S}.people DROP COLUMN checksum`);
    await query(url(), `ALTER TABLE ${S}.faces DROP COLUMN checksum, DROP COLUMN thumbnail_checksum`);
    for (const number of [0, 1])
      await query(
        shard(),
        `ALTER TABLE IF EXISTS ${S}.faces_${number} DROP COLUMN IF EXISTS checksum, DROP COLUMN IF EXISTS thumbnail_checksum`,
      );
    await query(url(), `UPDATE ${S}.settings SET value = '4' WHERE name = 'version'`);
  }

  describe.each([
    ["in the open", undefined],
    ["encrypted", KEY],
  ] as const)("a gallery %s", (_, key) => {
    test.each(ALTERATIONS)("%s is noticed", async (_what, sql, reason) => {
      await made(key);
      expect(await check(key)).toEqual({ people: 2, faces: 3, ...soundWith(key) });
      await query(url(), sql);
      const { damage } = await check(key);
      const lines = damage.map(
        ({ face, person, reason: why }) => `${face ? `face ${face}` : `person ${person}`}: ${why}`,
      );
      expect(lines.join("\n")).toMatch(reason);
    });

    test("names exchanged between people are noticed", async () => {
      await made(key);
      await query(
        url(),
        `UPDATE ${S}.people SET name = 'x' WHERE id = 1; UPDATE ${S}.people SET name = 'Ann' WHERE id = 2;
         UPDATE ${S}.people SET name = 'Bob' WHERE id = 1`,
      );
      expect((await check(key)).damage.map(({ person }) => person)).toEqual([1, 2]);
    });

    test.each([false, true])(
      "renamed, merged, moved and under another key is sound (sharded: %s)",
      async (sharded) => {
        await made(key, sharded);
        await opened(key, async (store) => {
          await store.rename("Bob", "Cy");
          await store.moveFace(2, "Di");
          expect(await store.merge("Cy", "Ann")).toBe(1);
        });
        expect(await check(key)).toMatchObject({ people: 2, faces: 3, ...soundWith(key) });
        const next = key ? undefined : KEY;
        await opened(key, (store) => store.rekey(next, { onDamage: () => expect.unreachable() }));
        expect(await check(next)).toMatchObject({ people: 2, faces: 3, ...soundWith(next) });
      },
    );

    test("told to stop while it is looked through or its key is changed, it stops and stays as it is", async () => {
      await made(key);
      await query(url(), ALTERATIONS[4][1]);
      const stop = new AbortController();
      const onDamage = () => stop.abort(new Interruption("enough"));
      await opened(key, async (store) => {
        const changing = store.rekey(Buffer.alloc(32, 9), { onDamage, signal: stop.signal });
        await expect(changing).rejects.toThrow("enough");
        await expect(store.check(stop.signal)).rejects.toThrow("enough");
      });
      expect((await check(key)).damage).toMatchObject([{ person: 2 }]);
    });

    test("a face that was altered is given out as damaged, stays so when it is moved, and is not in an export", async () => {
      await made(key);
      await query(url(), ALTERATIONS[1][1]);
      await query(url(), ALTERATIONS[4][1]);
      await opened(key, async (store) => {
        await store.moveFace(1, "Di");
        expect((await store.faces([1, 3])).map(({ damaged }) => damaged)).toEqual([
          expect.stringContaining("checksum differs"),
          undefined,
        ]);
        const names: string[] = [];
        for await (const { name } of store.salvage(() => {})) names.push(name);
        expect(names).toEqual(["Ann", "person 2"]);
      });
    });

    test.each([false, true])(
      "of version 4 gets its checksums when it is opened (sharded: %s)",
      async (sharded) => {
        await made(key, sharded);
        await toVersion4();
        if (key) await expect(openStore(url())).rejects.toThrow("its key is needed once");
        expect(await check(key)).toEqual({ people: 2, faces: 3, ...soundWith(key) });
        await query(url(), ALTERATIONS[8][1]);
        expect((await check(key)).damage).toMatchObject([{ face: 2 }]);
      },
    );
  });

  test("an encrypted gallery is read and erased from without its key, and not written", async () => {
    await made(KEY);
    await opened(undefined, async (store) => {
      expect((await store.check()).checksums).toMatch("need the key");
      await expect(store.rename("Bob", "Cy")).rejects.toThrow("its key is needed");
      await expect(store.add([])).rejects.toThrow("its key is needed");
      expect((await store.removePerson("Bob")).faces).toEqual([3]);
    });
  });

  test("a partition takes its checksums along when it moves", async () => {
    await made();
    await movePartition(url(), "faces_0", shard());
    expect(await check()).toMatchObject({ faces: 3, ...soundWith() });
  });
});
