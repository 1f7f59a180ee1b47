/** A gallery file that was altered, or made by version 1 of this program. */
import { copyFile, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "libsql";
import { describe, expect, test } from "vitest";
import { vectorOf } from "../../../../test/support/storeSettings.ts";
import { Interruption } from "../../../base/errors/index.ts";
import { createRng } from "../../../base/random/index.ts";
import { type GalleryStore, openStore } from "../index.ts";
import { createSealer } from "../seal.ts";

const folder = await mkdtemp(join(tmpdir(), "gallery-check-"));
let number = 0;
const newPath = () => join(folder, `${++number}.sqlite`);
const KEY = Buffer.alloc(32, 7);
const rng = createRng(3);
const bytes = (length: number) => Uint8Array.from({ length }, () => rng.integer(256));

/** A gallery of two faces of Ann, one of Bob and `more` of Cy, closed again. */
async function made(key?: Uint8Array, more = 0): Promise<string> {
  const path = newPath();
  const sealer = key && createSealer(key);
  const settings = { model: "m", codeBytes: 8, dimension: 2, keyCheck: sealer?.check ?? "" };
  const store = await openStore(path, settings, { key });
  const face = (person: string, i: number) => {
    const code = bytes(8);
    const vector = sealer ? sealer.seal(vectorOf(i), "vector", code) : vectorOf(i);
    return { person, code, vector, thumbnail: bytes(40), fields: { picture: `${person}/${i}`, year: 2024 } };
  };
  const cy = Array.from({ length: more }, (_, i) => face("Cy", i));
  await store.add([face("Ann", 1), face("Ann", 2), face("Bob", 3), ...cy]);
  await store.close();
  return path;
}

function alter(path: string, ...statements: readonly string[]): void {
  const db = new Database(path);
  for (const sql of statements) db.exec(sql);
  db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  db.close();
}

async function opened<T>(
  path: string,
  key: Uint8Array | undefined,
  use: (store: GalleryStore) => Promise<T>,
) {
  const store = await openStore(path, undefined, { key });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

const check = (path: string, key?: Uint8Array) => opened(path, key, (store) => store.check());

const ALTERATIONS: readonly [what: string, sql: string, reason: RegExp][] = [
  ["a bit of a code", "UPDATE faces SET code = x'0102030405060708' WHERE id = 2", /face 2.*checksum/],
  [
    "a bit of a vector",
    "UPDATE faces SET vector = CAST(substr(vector, 1, length(vector) - 1) || x'55' AS BLOB) WHERE id = 1",
    /face 1.*(checksum|altered)/,
  ],
  ["a thumbnail", "UPDATE faces SET thumbnail = x'00' WHERE id = 3", /face 3.*thumbnail/],
  ["a field", `UPDATE faces SET fields = replace(fields, '2024', '2025') WHERE id = 1`, /face 1.*checksum/],
  ["a field's JSON", "UPDATE faces SET fields = '{' WHERE id = 1", /face 1.*no JSON/],
  [
    "the index of fields",
    "DELETE FROM field_values WHERE face = 2 AND name = 'year'",
    /face 2.*index of fields/,
  ],
  ["a person's name", "UPDATE people SET name = 'Eve' WHERE name = 'Bob'", /person 2.*name was altered/],
  ["the owner of a face", "UPDATE faces SET person = 2 WHERE id = 1", /face 1.*checksum/],
  [
    "two codes exchanged",
    "CREATE TEMP TABLE t AS SELECT id, code FROM faces; UPDATE faces SET code = (SELECT code FROM t WHERE t.id = 3 - faces.id) WHERE id < 3",
    /face 1(?:.|\n)*face 2/,
  ],
  ["a checksum", "UPDATE faces SET checksum = NULL WHERE id = 2", /face 2.*checksum/],
  [
    "a row that vanished from people",
    "PRAGMA foreign_keys = OFF; DELETE FROM people WHERE name = 'Bob'",
    /face 3.*person is not there/,
  ],
  [
    "a thumbnail that was deleted",
    "UPDATE faces SET thumbnail = NULL WHERE id = 3",
    /face 3.*thumbnail.*not there/,
  ],
  [
    "a thumbnail that was deleted with its checksum",
    "UPDATE faces SET thumbnail = NULL, thumbnail_checksum = NULL WHERE id = 3",
    /face 3.*thumbnail.*not there/,
  ],
];

describe.each([
  ["in the open", undefined],
  ["encrypted", KEY],
] as const)("a gallery %s", (_, key) => {
  test("that nobody altered has nothing wrong with it", async () => {
    expect(await check(await made(key), key)).toEqual({
      people: 2,
      faces: 3,
      checksums: key ? "keyed" : "plain",
      damage: [],
    });
  });

  test.each(ALTERATIONS)("%s is noticed", async (_what, sql, reason) => {
    const path = await made(key);
    alter(path, ...sql.split("; "));
    const { damage } = await check(path, key);
    const lines = damage.map(
      ({ face, person, reason: why }) => `${face ? `face ${face}` : `person ${person}`}: ${why}`,
    );
    expect(lines.join("\n")).toMatch(reason);
  });

  test("a thumbnail that was deleted stays noticed under another key, and is told by an export", async () => {
    const path = await made(key);
    alter(path, "UPDATE faces SET thumbnail = NULL WHERE id = 3");
    const told: string[] = [];
    await opened(path, key, async (store) => {
      for await (const { id } of store.salvage(({ face, reason }) => told.push(`${face}: ${reason}`))) {
        expect([1, 2, 3]).toContain(id);
      }
    });
    expect(told).toEqual([expect.stringMatching(/^3: .*thumbnail.*not there/)]);
    if (key) return; // under its key the seals of these thumbnails do not open
    await opened(path, undefined, (store) => store.rekey(KEY, { onDamage: () => expect.unreachable() }));
    expect((await check(path, KEY)).damage).toMatchObject([{ face: 3 }]);
  });

  test("that is told to stop while it is looked through stops", async () => {
    const stop = new AbortController();
    const looking = opened(await made(key), key, (store) => store.check(stop.signal));
    stop.abort(new Interruption("enough"));
    await expect(looking).rejects.toThrow("enough");
  });

  test("that is told to stop while its key is changed keeps the key that it has", async () => {
    const path = await made(key, 600);
    alter(path, "UPDATE people SET name = 'Eve' WHERE name = 'Bob'");
    const stop = new AbortController();
    const onDamage = () => stop.abort(new Interruption("enough"));
    await opened(path, key, async (store) => {
      const changing = store.rekey(Buffer.alloc(32, 9), { onDamage, signal: stop.signal });
      await expect(changing).rejects.toThrow("enough");
      await store.rename("Ann", "Ann B"); // under the key that it has
    });
    expect(await check(path, key)).toMatchObject({ faces: 603, damage: [{ person: 2 }] });
  });

  test("of version 3 has faces without thumbnails, and is sound", async () => {
    const path = await made(key);
    alter(
      path,
      "UPDATE faces SET thumbnail = NULL, thumbnail_checksum = NULL WHERE id = 2",
      "PRAGMA user_version = 3",
    );
    if (key) await expect(openStore(path)).rejects.toThrow("its key is needed once");
    expect((await check(path, key)).damage).toEqual([]);
    alter(path, "UPDATE faces SET thumbnail_checksum = NULL WHERE id = 2");
    expect((await check(path, key)).damage).toMatchObject([{ face: 2 }]);
  });

  test("whose names were exchanged between people is noticed", async () => {
    const path = await made(key);
    alter(
      path,
      "UPDATE people SET name = 'x' WHERE id = 1",
      "UPDATE people SET name = 'Ann' WHERE id = 2",
      "UPDATE people SET name = 'Bob' WHERE id = 1",
    );
    expect((await check(path, key)).damage.map(({ person }) => person)).toEqual([1, 2]);
  });

  test("that was renamed, merged and moved in by its own means is sound", async () => {
    const path = await made(key);
    await opened(path, key, async (store) => {
      await store.rename("Bob", "Cy");
      await store.moveFace(2, "Di");
      await store.merge("Cy", "Ann");
      await store.removeFace(2);
    });
    expect(await check(path, key)).toMatchObject({ people: 1, faces: 2, damage: [] });
  });

  test("gives out what is left of it", async () => {
    const path = await made(key);
    alter(
      path,
      "UPDATE faces SET vector = x'00' WHERE id = 2",
      "UPDATE people SET name = 'Eve' WHERE id = 2",
    );
    const told: string[] = [];
    const read = await opened(path, key, async (store) => {
      const faces = [];
      for await (const face of store.salvage((damage) => told.push(damage.reason))) faces.push(face);
      return faces;
    });
    expect(read.map(({ id, name }) => [id, name])).toEqual([
      [1, "Ann"],
      [3, "person 2"],
    ]);
    expect(told).toHaveLength(3);
  });
});

test("without its key an encrypted gallery is read and erased from, and not written", async () => {
  const path = await made(KEY);
  await opened(path, undefined, async (store) => {
    expect((await store.check()).checksums).toMatch("need the key");
    expect(await store.people()).toHaveLength(2);
    await expect(store.rename("Bob", "Cy")).rejects.toThrow("its key is needed");
    await expect(store.add([])).rejects.toThrow("its key is needed");
    expect((await store.removePerson("Bob")).faces).toEqual([3]);
  });
  await expect(check(path, Buffer.alloc(32, 8))).rejects.toThrow("another key");
});

describe("a gallery of version 1", () => {
  const copyOf = async (name: string) => {
    const path = newPath();
    const cases = new URL("../../../../test/cases/gallery/", import.meta.url);
    await copyFile(fileURLToPath(new URL(`${name}.sqlite`, cases)), path);
    return path;
  };

  test.each([
    ["version1", undefined],
    ["version1-encrypted", KEY],
  ])("%s becomes one of version 2 with everyone in it, each under one name", async (name, key) => {
    const path = await copyOf(name);
    await opened(path, key, async (store) => {
      expect((await store.people()).map((person) => [person.name, person.faces])).toEqual([
        ["Ann", 2],
        ["Jos\u00e9", 2],
        ["Zo\u00eb", 1],
      ]);
      expect((await store.person("Jose\u0301"))?.faces).toBe(2);
      expect(await store.valuesThere("picture", ["Jos\u00e9/2", "Zo\u00eb/1"])).toHaveLength(2);
      expect(await store.count([{ field: "ort", equals: "Caf\u00e9" }])).toEqual({ people: 1, faces: 1 });
      expect(Buffer.from((await store.thumbnail(1))!.bytes).length).toBe(key ? 69 : 41);
    });
    expect(await check(path, key)).toEqual({
      people: 3,
      faces: 5,
      checksums: key ? "keyed" : "plain",
      damage: [],
    });
    const [next] = await opened(path, key, (store) =>
      store.add([{ person: "Bob", code: bytes(8), vector: vectorOf(1) }]),
    );
    expect(next).toBe(7); // Bob's face 6 was erased, and its number is not given again
  });

  test("encrypted, is left as it is without its key", async () => {
    const path = await copyOf("version1-encrypted");
    await expect(openStore(path)).rejects.toThrow("its key is needed once");
    expect(await check(path, KEY)).toMatchObject({ faces: 5, damage: [] });
  });
});
