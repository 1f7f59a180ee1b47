import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { noPostgres, startPostgres, type TestServer } from "../../../test/support/postgres.ts";
import { emptyDatabase, query, ROOM } from "../../../test/support/postgresGallery.ts";
import { SUITE_SETTINGS } from "../../../test/support/storeSettings.ts";
import { InputError } from "../../base/errors/index.ts";
import { createRng } from "../../base/random/index.ts";
import {
  type GalleryStore,
  initPostgres,
  type MemoryOptions,
  ModelChanged,
  movePartition,
  openStore,
  type StoreSettings,
} from "./index.ts";
import { createSealer } from "./seal.ts";

const skipped = noPostgres && ` (skipped: ${noPostgres})`;
const rng = createRng(17);
const bytes = (length: number) => Uint8Array.from({ length }, () => rng.integer(256));
const face = (person: string, picture = true) => ({
  person,
  code: bytes(64),
  vector: new Uint8Array(12),
  ...(picture && { thumbnail: bytes(40) }),
});
/** Models of codes of the same length, which could be taken for one another, and of another length. */
const ALIKE = { ...SUITE_SETTINGS, model: "model b" };
const SHORTER = { ...SUITE_SETTINGS, model: "model c", codeBytes: 32, dimension: 5 };

/** The code of a face for a model, which nobody else has. */
function codeFor({ model, codeBytes }: StoreSettings, id: number): Uint8Array {
  const own = createRng(1000 * id + model.charCodeAt(model.length - 1));
  return Uint8Array.from({ length: codeBytes }, () => own.integer(256));
}

const nextOf = ({ model, codeBytes, dimension }: StoreSettings, leaveOut = false) => ({
  model,
  codeBytes,
  dimension,
  name: model,
  leaveOut,
});

/** Extracts up to `limit` faces that are lacking. */
async function extract(store: GalleryStore, to: StoreSettings, limit = 1000): Promise<number> {
  const faces = await store.change!.lacking({ limit });
  const next = faces.map(({ id }) => ({
    id,
    code: codeFor(to, id),
    vector: new Uint8Array(4 * to.dimension).fill(id % 100),
  }));
  await store.change!.keep(to.model, next);
  return next.length;
}

interface Place {
  fresh(): Promise<void>;
  open(
    settings: StoreSettings,
    options?: { memory?: MemoryOptions; key?: Uint8Array },
  ): Promise<GalleryStore>;
}

function changeSuite(name: string, { fresh, open: openAt }: Place): void {
  describe(`a change of model of a gallery in ${name}`, () => {
    const opened: GalleryStore[] = [];
    const open: Place["open"] = async (settings, options) => {
      const store = await openAt(settings, options);
      opened.push(store);
      return store;
    };
    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close();
    });

    test.each([
      ["of the same length", ALIKE],
      ["of another length", SHORTER],
    ])("to codes %s takes up all that happens meanwhile, and comes in one moment", async (_, to) => {
      await fresh();
      const store = await open(SUITE_SETTINGS);
      const reader = await open(SUITE_SETTINGS, { memory: ROOM });
      const faces = Array.from({ length: 12 }, (_, i) => face(`person ${i % 4}`));
      const ids = await store.add(faces);
      await reader.load();
      const { change } = store;
      await change!.begin(nextOf(to));
      expect(await extract(store, to, 5)).toBe(5);
      await expect(store.add([face("Eve", false)])).rejects.toThrow("needs its aligned picture");
      const [late] = await store.add([face("Eve")]);
      await store.removeFace(ids[0]); // has both codes
      await store.removeFace(ids[10]); // has one
      await store.rename("person 1", "Ann");
      await store.moveFace(ids[2], "Ann");
      await store.merge("person 3", "Eve");
      expect(await change!.changeOver(to.model, [])).toBeUndefined();
      expect((await reader.nearest(faces[1].code, 1))[0]).toMatchObject({ face: ids[1], distance: 0 });
      const before = await change!.status();
      expect(before).toMatchObject({ next: nextOf(to), faces: 11 });
      await change!.begin(nextOf(to)); // again, as somebody who goes on does
      expect(await change!.status()).toEqual(before);
      await expect(change!.begin(nextOf({ ...to, model: "d" }))).rejects.toThrow('"model ');
      let done: unknown;
      for (let tries = 0; !done && tries < 20; tries++) {
        await extract(store, to, 3);
        done = await change!.changeOver(to.model, []);
      }
      expect(done).toEqual({ faces: 11, erased: 0 });

      for (const old of [store, reader]) {
        await expect(old.nearest(faces[1].code, 1)).rejects.toThrow(ModelChanged);
        await expect(old.faces(ids)).rejects.toThrow(ModelChanged);
        await expect(old.add([face("Eve")])).rejects.toThrow(`"${to.model}"`);
        await expect(old.check()).rejects.toThrow(ModelChanged);
      }
      await expect(open(SUITE_SETTINGS)).rejects.toThrow(InputError);
      const now = await open(to, { memory: ROOM });
      expect(await now.check()).toMatchObject({ faces: 11, damage: [] });
      const left = [...ids.filter((_, i) => i !== 0 && i !== 10), late];
      const kept = await now.faces(left);
      expect(kept.map(({ id, code, vector }) => [id, [...code], vector!.length])).toEqual(
        left.map((id) => [id, [...codeFor(to, id)], 4 * to.dimension]),
      );
      for (const id of left) {
        expect((await now.nearest(codeFor(to, id), 1))[0]).toMatchObject({ face: id, distance: 0 });
      }
      expect((await now.people()).map(({ name, faces }) => [name, faces])).toEqual([
        ["Ann", 4],
        ["Eve", 4],
        ["person 0", 2],
        ["person 2", 1],
      ]);
      const thumbnail = (await now.thumbnail(ids[1]))!;
      expect([...thumbnail.bytes]).toEqual([...faces[1].thumbnail!]);
      expect(await now.change!.status()).toBeUndefined();
      await now.add([{ person: "Zoe", code: codeFor(to, 999), vector: new Uint8Array(4 * to.dimension) }]);
      await now.removePerson("Ann");
      // And back again, by the same way.
      await now.change!.begin(nextOf(SUITE_SETTINGS, true));
      await extract(now, SUITE_SETTINGS);
      expect(await now.change!.changeOver(SUITE_SETTINGS.model, [])).toEqual({ faces: 7, erased: 1 });
      const back = await open(SUITE_SETTINGS);
      expect(await back.check()).toMatchObject({ people: 3, faces: 7, damage: [] });
      expect((await back.nearest(codeFor(SUITE_SETTINGS, late), 1))[0].face).toBe(late);
    });

    test("loses no face that cannot be extracted, unless it is told to, and writes receipts then", async () => {
      await fresh();
      const store = await open(SUITE_SETTINGS);
      const ids = await store.add([
        face("Ann"),
        face("Ann", false),
        face("Bob", false),
        face("Cy"),
        face("Cy"),
      ]);
      expect(await store.change!.withoutPicture(1)).toEqual({
        faces: 2,
        listed: [{ face: ids[1], person: "Ann" }],
      });
      await store.change!.begin(nextOf(ALIKE));
      const lacking = await store.change!.lacking({ limit: 10 });
      expect(lacking.map(({ id }) => id)).toEqual([ids[0], ids[3], ids[4]]);
      const of = (id: number) => ({ id, code: codeFor(ALIKE, id), vector: new Uint8Array(12) });
      await store.change!.keep(ALIKE.model, [of(ids[0]), of(ids[3])]);
      const change = store.change!;
      expect(await change.changeOver(ALIKE.model, [])).toBeUndefined(); // the last may be extracted yet
      await expect(change.changeOver(ALIKE.model, [ids[4]])).rejects.toThrow("3 faces cannot be extracted");
      expect(await store.count()).toEqual({ people: 3, faces: 5 });
      await change.begin(nextOf(ALIKE, true));
      expect(await change.changeOver(ALIKE.model, [ids[4]])).toEqual({ faces: 2, erased: 3 });
      const now = await open(ALIKE);
      expect(await now.check()).toMatchObject({ people: 2, faces: 2, damage: [] });
      const receipts = await now.receipts();
      expect(receipts.map(({ faces, personRemoved }) => [faces, personRemoved]).sort()).toEqual([
        [[ids[1]], false],
        [[ids[2]], true],
        [[ids[4]], false],
      ]);
    });

    test("can be cancelled, and begun again", async () => {
      await fresh();
      const store = await open(SUITE_SETTINGS);
      const given = face("Ann");
      const [id] = await store.add([given]);
      await expect(store.change!.cancel()).rejects.toThrow("no change");
      await expect(store.change!.begin(nextOf(SUITE_SETTINGS))).rejects.toThrow("has this model already");
      await store.change!.begin(nextOf(ALIKE));
      await extract(store, ALIKE);
      await store.change!.cancel();
      await expect(store.change!.keep(ALIKE.model, [{ id, code: given.code }])).rejects.toThrow("no change");
      await expect(store.change!.lacking({ limit: 1 })).rejects.toThrow("no change");
      await store.add([face("Bob", false)]);
      await store.change!.begin(nextOf(ALIKE));
      expect(await store.change!.status()).toMatchObject({ lacking: 2, faces: 2 }); // nothing is left of the first try
      await store.change!.cancel();
      expect((await store.nearest(given.code, 1))[0]).toMatchObject({ face: id, distance: 0 });
    });

    test("whoever searches meanwhile is given the old model's answer or the new one's, never a mixture", async () => {
      await fresh();
      const store = await open(SUITE_SETTINGS);
      const ids = await store.add(Array.from({ length: 40 }, (_, i) => face(`person ${i}`)));
      const readers = [await open(SUITE_SETTINGS), await open(SUITE_SETTINGS, { memory: ROOM })];
      const answers = await Promise.all(readers.map((reader) => reader.nearest(codeFor(ALIKE, ids[3]), 40)));
      await store.change!.begin(nextOf(ALIKE));
      await extract(store, ALIKE);
      let [asked, refused] = [0, 0];
      const search = async (reader: GalleryStore, answer: unknown) => {
        for (;;) {
          try {
            expect(await reader.nearest(codeFor(ALIKE, ids[3]), 40)).toEqual(answer);
            asked++;
            await setImmediate(); // a file is searched without a pause
          } catch (error) {
            expect(error).toBeInstanceOf(ModelChanged);
            refused++;
            return;
          }
        }
      };
      const searching = readers.flatMap((reader, i) => [
        search(reader, answers[i]),
        search(reader, answers[i]),
      ]);
      await expect.poll(() => asked).toBeGreaterThan(8);
      expect(await store.change!.changeOver(ALIKE.model, [])).toEqual({ faces: 40, erased: 0 });
      await Promise.all(searching);
      expect(refused).toBe(4);
    });

    test("an encrypted gallery stays so: pictures and vectors are sealed with the new codes", async () => {
      await fresh();
      const [key, sealer] = [new Uint8Array(32).fill(7), createSealer(new Uint8Array(32).fill(7))];
      const [from, to] = [SUITE_SETTINGS, SHORTER].map((one) => ({ ...one, keyCheck: sealer.check }));
      const store = await open(from, { key });
      const code = bytes(64);
      const sealed = (own: Uint8Array, model: StoreSettings) => ({
        vector: sealer.seal(new Uint8Array(4 * model.dimension), "vector", own),
        thumbnail: sealer.seal(Buffer.from("picture"), "thumbnail", own),
      });
      const [id] = await store.add([{ person: "Ann", code, ...sealed(code, from) }]);
      await store.change!.begin(nextOf(to));
      await expect(store.rekey(undefined, { onDamage: () => {} })).rejects.toThrow("is under way");
      const [face] = await store.change!.lacking({ limit: 1 });
      expect(sealer.open(face.thumbnail, "thumbnail", face.code).toString()).toBe("picture");
      const next = codeFor(to, id);
      await store.change!.keep(to.model, [{ id, code: next, ...sealed(next, to) }]);
      expect(await store.change!.changeOver(to.model, [])).toEqual({ faces: 1, erased: 0 });
      const now = await open(to, { key });
      expect(await now.check()).toMatchObject({ faces: 1, checksums: "keyed", damage: [] });
      const thumbnail = (await now.thumbnail(id))!;
      expect(Buffer.from(sealer.open(thumbnail.bytes, "thumbnail", thumbnail.code)).toString()).toBe(
        "picture",
      );
    });
  });
}

const folder = await mkdtemp(join(tmpdir(), "gallery-"));
let files = 0;
changeSuite("SQLite", {
  fresh: async () => {
    files++;
  },
  open: (settings, options) => openStore(join(folder, `${files}.db`), settings, options),
});

describe.skipIf(Boolean(noPostgres))(`PostgreSQL${skipped}`, () => {
  let server: TestServer;
  const shards = ["first", "second", "third"];
  beforeAll(async () => {
    server = await startPostgres();
    for (const name of shards) await query(server.url(), `CREATE DATABASE ${name}`);
  }, 240_000);
  afterAll(() => server?.stop());
  const empty = async () => {
    for (const name of ["postgres", ...shards]) await emptyDatabase(server.url(name));
  };
  const open: Place["open"] = (settings, options) => openStore(server.url(), settings, options);

  changeSuite("PostgreSQL", { fresh: empty, open });

  changeSuite("PostgreSQL over shards", {
    async fresh() {
      await empty();
    },
    async open(settings, options) {
      const urls = shards.slice(0, 2).map((name) => server.url(name));
      await initPostgres(server.url(), settings, { shards: urls, partitions: 3 }).catch((error) => {
        if (!/already/.test(error.message)) throw error;
      });
      return open(settings, options);
    },
  });

  test("a partition moves after a change of model as before, and not during one", async () => {
    await empty();
    const urls = shards.slice(0, 2).map((name) => server.url(name));
    await initPostgres(server.url(), SUITE_SETTINGS, { shards: urls, partitions: 3 });
    const store = await open(SUITE_SETTINGS);
    const ids = await store.add(Array.from({ length: 30 }, (_, i) => face(`person ${i}`)));
    await store.change!.begin(nextOf(SHORTER));
    await extract(store, SHORTER);
    const move = () => movePartition(server.url(), "faces_0", server.url("third"));
    await expect(move()).rejects.toThrow("is under way");
    await store.change!.changeOver(SHORTER.model, []);
    await move();
    const now = await open(SHORTER);
    expect(await now.check()).toMatchObject({ faces: 30, damage: [] });
    for (const id of ids) expect((await now.nearest(codeFor(SHORTER, id), 1))[0].face).toBe(id);
    await now.add([{ person: "Zoe", code: bytes(32), vector: new Uint8Array(20) }]);
    await Promise.all([store.close(), now.close()]);
  });
});
