/** What every gallery store must do, compared with a search written the plainest way. */
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { DataError, InputError } from "../../src/base/errors/index.ts";
import { createRng } from "../../src/base/random/index.ts";
import type { Fields, Filter, GalleryStore, NewFace, StoreSettings } from "../../src/people/gallery/index.ts";
import { SUITE_SETTINGS } from "./storeSettings.ts";

export { SUITE_SETTINGS };

export interface SuiteStore {
  /** A new, empty gallery. */
  open(settings: StoreSettings): Promise<GalleryStore>;
  /** Opens the gallery of the last `open` once more; undefined for stores that keep nothing. */
  reopen?(settings?: StoreSettings): Promise<GalleryStore>;
  close?(): Promise<void>;
}

const rng = createRng(1);
const bytes = (length: number) => Uint8Array.from({ length }, () => rng.integer(256));
const plainDistance = (a: Uint8Array, b: Uint8Array) =>
  a.reduce((sum, byte, i) => sum + (byte ^ b[i]).toString(2).replaceAll("0", "").length, 0);

const face = (person: string, parts: Partial<NewFace> = {}): NewFace => ({
  person,
  code: bytes(64),
  ...parts,
});

/** A code `bits` bits away from zeros. */
const codeOf = (bits: number) =>
  Uint8Array.from({ length: 64 }, (_, i) => (2 ** Math.min(8, Math.max(0, bits - 8 * i)) - 1) & 255);

export function storeSuite(name: string, { open, reopen, close }: SuiteStore): void {
  describe(`a gallery in ${name}`, () => {
    let store: GalleryStore;
    beforeEach(async () => {
      await store?.close();
      store = await open(SUITE_SETTINGS);
    });
    afterAll(async () => {
      await store?.close();
      await close?.();
    });

    test("keeps faces under ids that rise, and counts them by person", async () => {
      const ids = await store.add([face("Bo"), face("Ann"), face("Bo")]);
      const [fourth] = await store.add([face("Ann")]);
      expect([...ids, fourth]).toEqual([...ids, fourth].sort((a, b) => a - b));
      expect(new Set([...ids, fourth]).size).toBe(4);
      expect(await store.count()).toEqual({ people: 2, faces: 4 });
      const people = await store.people();
      expect(people.map((person) => [person.name, person.faces])).toEqual([
        ["Ann", 2],
        ["Bo", 2],
      ]);
      expect(await store.person("Bo")).toEqual(people[1]);
      expect(await store.person(people[0].id)).toEqual(people[0]);
      expect(await store.person("Cy")).toBeUndefined();
      expect(await store.person(people[0].id + people[1].id)).toBeUndefined();
    });

    test("gives back every part of a face as it was", async () => {
      const given = face("Ann", {
        vector: bytes(12),
        thumbnail: bytes(20_000),
        fields: { camera: "gate é 😀", at: 17.25, staff: true, empty: "" },
      });
      const [id, bare] = await store.add([given, face("Ann")]);
      const person = (await store.person("Ann"))!;
      const [first, second] = await store.facesOf([person.id]);
      expect(first).toMatchObject({ id, person: person.id, fields: given.fields });
      expect([first.code, first.vector].map((part) => [...part!])).toEqual([
        [...given.code],
        [...given.vector!],
      ]);
      expect(second).toMatchObject({ id: bare, fields: {} });
      expect(second.vector).toBeUndefined();
      const thumbnail = (await store.thumbnail(id))!;
      expect([[...thumbnail.bytes], [...thumbnail.code]]).toEqual([[...given.thumbnail!], [...given.code]]);
      expect(await store.thumbnail(bare)).toBeUndefined();
      expect(await store.thumbnail(bare + 1)).toBeUndefined();
      expect(await store.facesOf([])).toEqual([]);
    });

    test("gives faces by their ids, says which values a field has, and counts what meets a filter", async () => {
      const pictures = ["a/1", "a/2", "it's"];
      const ids = await store.add(
        pictures.map((picture, i) => face(i < 2 ? "Ann" : "Bo", { fields: { picture, at: i } })),
      );
      await store.add([face("Cy", { fields: { other: "a/3" } })]);
      expect((await store.faces([ids[2], ids[0], ids[2] + 100])).map(({ id }) => id)).toEqual([
        ids[0],
        ids[2],
      ]);
      expect((await store.faces([ids[1]]))[0].fields).toEqual({ picture: "a/2", at: 1 });
      const there = await store.valuesThere("picture", ["a/3", ...pictures, "a/1"]);
      expect(there.sort()).toEqual([...pictures].sort());
      expect(await store.valuesThere("nowhere", pictures)).toEqual([]);
      expect(await store.count([{ field: "at", from: 0, to: 1 }])).toEqual({ people: 1, faces: 2 });
      expect(await store.count([{ field: "picture", oneOf: [] }])).toEqual({ people: 0, faces: 0 });
      await expect(store.count([{ field: "" }] as Filter)).rejects.toThrow(InputError);
    });

    test("lists people by the bytes of their names, page by page", async () => {
      const names = ["Zoe", "ann", "Ann", "Åsa", "\u{ff5e}tilde", "\u{1f600}smile"]; // UTF-16 would swap the last two
      await store.add(names.map((name) => face(name)));
      const order = ["Ann", "Zoe", "ann", "Åsa", "\u{ff5e}tilde", "\u{1f600}smile"];
      const pages = [await store.people({ limit: 2 }), await store.people({ after: "Zoe", limit: 3 })];
      expect(pages.flat().map((person) => person.name)).toEqual(order.slice(0, 5));
      expect((await store.people({ after: order[4] })).map((person) => person.name)).toEqual(order.slice(5));
    });

    test("finds the nearest codes by distance, then id, as the plainest search does", async () => {
      const faces = Array.from({ length: 300 }, (_, i) =>
        face(`person ${i % 90}`, { code: i % 3 ? bytes(64) : codeOf(i % 7) }),
      );
      const ids = await store.add(faces);
      for (const query of [bytes(64), codeOf(2), faces[5].code]) {
        const wanted = faces
          .map(({ code, person }, i) => ({
            face: ids[i],
            name: person,
            distance: plainDistance(code, query),
          }))
          .sort((a, b) => a.distance - b.distance || a.face - b.face);
        for (const k of [1, 10, 150, 1000]) {
          const hits = await store.nearest(query, k);
          expect(hits.map(({ face, person, distance }) => ({ face, name: person.name, distance }))).toEqual(
            wanted.slice(0, k),
          );
        }
      }
      expect(await store.nearest(bytes(64), 1)).toHaveLength(1);
    });

    test("finds nothing in an empty gallery", async () => {
      expect(await store.nearest(bytes(64), 5)).toEqual([]);
      expect(await store.count()).toEqual({ people: 0, faces: 0 });
      expect(await store.people()).toEqual([]);
    });

    test("filters by equality, list and range, and never takes one type for another", async () => {
      const fields: Fields[] = [
        { camera: "gate", at: 1, day: "2024-01-31" },
        { camera: "hall", at: 2.5, day: "2024-02-01", staff: true },
        { camera: "gate", at: 10, staff: false },
        { camera: 1, at: "2", staff: 1 },
        {},
        { camera: "o'hall; --\"", "x.y-z": "1", at: -3 },
      ];
      const ids = await store.add(fields.map((given) => face("Ann", { fields: given })));
      const found = async (...filter: Filter) => {
        const hits = await store.nearest(codeOf(0), 100, filter);
        return hits.map((hit) => ids.indexOf(hit.face)).sort();
      };
      expect(await found()).toEqual([0, 1, 2, 3, 4, 5]);
      expect(await found({ field: "camera", equals: "gate" })).toEqual([0, 2]);
      expect(await found({ field: "camera", equals: 1 })).toEqual([3]);
      expect(await found({ field: "camera", equals: "1" })).toEqual([]);
      expect(await found({ field: "camera", equals: true })).toEqual([]);
      expect(await found({ field: "staff", equals: true })).toEqual([1]);
      expect(await found({ field: "staff", equals: false })).toEqual([2]);
      expect(await found({ field: "staff", oneOf: [true, 1] })).toEqual([1, 3]);
      expect(await found({ field: "camera", oneOf: [] })).toEqual([]);
      expect(await found({ field: "at", from: 2, to: 10 })).toEqual([1, 2]);
      expect(await found({ field: "at", to: 1 })).toEqual([0, 5]);
      expect(await found({ field: "at", from: "1" })).toEqual([3]);
      expect(await found({ field: "day", from: "2024-02" })).toEqual([1]);
      expect(await found({ field: "camera", equals: "gate" }, { field: "at", from: 5 })).toEqual([2]);
      expect(await found({ field: "camera", equals: "o'hall; --\"" })).toEqual([5]);
      expect(await found({ field: "x.y-z", equals: "1" })).toEqual([5]);
      expect(await found({ field: "toString", equals: "1" })).toEqual([]);
      expect((await store.nearest(codeOf(0), 1, [{ field: "staff", equals: false }]))[0].face).toBe(ids[2]);
    });

    test("renames a person, who keeps id and faces; a taken name is refused", async () => {
      await store.add([face("Ann"), face("Bo")]);
      const { id } = (await store.person("Ann"))!;
      await store.rename("Ann", "Ann Lee");
      expect(await store.person("Ann Lee")).toEqual({ id, name: "Ann Lee", faces: 1 });
      expect(await store.person("Ann")).toBeUndefined();
      await store.rename(id, "Ann L");
      await store.rename("Ann L", "Ann Lee");
      await store.rename("Bo", "Bo");
      await expect(store.rename("Bo", "Ann Lee")).rejects.toThrow('there is a "Ann Lee" already');
      await expect(store.rename("Ann", "Cy")).rejects.toThrow('there is no "Ann"');
      await expect(store.rename("Bo", " ")).rejects.toThrow(InputError);
    });

    test("merges two people into one", async () => {
      const [, second, third] = await store.add([face("Ann"), face("Anne"), face("Anne")]);
      expect(await store.merge("Anne", "Ann")).toBe(2);
      expect(await store.count()).toEqual({ people: 1, faces: 3 });
      const { id } = (await store.person("Ann"))!;
      expect((await store.facesOf([id])).map((kept) => kept.id).slice(1)).toEqual([second, third]);
      expect((await store.nearest(bytes(64), 3)).map(({ person }) => person)).toEqual(
        Array(3).fill({ id, name: "Ann" }),
      );
      await expect(store.merge("Anne", "Ann")).rejects.toThrow('there is no "Anne"');
      await expect(store.merge(id, "Bo")).rejects.toThrow('there is no "Bo"');
      await expect(store.merge("Ann", id)).rejects.toThrow("cannot be merged into itself");
    });

    test("gives one face to another person, and forgets whoever is left without a face", async () => {
      const given = face("Ann", { vector: bytes(12), thumbnail: bytes(9), fields: { at: 1 } });
      const [first, second] = await store.add([given, face("Ann")]);
      expect(await store.moveFace(first, "Bo")).toMatchObject({ name: "Bo", faces: 1 });
      expect(await store.moveFace(second, "Ann")).toMatchObject({ name: "Ann", faces: 1 });
      expect((await store.nearest(given.code, 1))[0]).toMatchObject({ face: first, person: { name: "Bo" } });
      expect((await store.faces([first]))[0].fields).toEqual({ at: 1 });
      const bo = await store.moveFace(second, "Bo");
      expect(bo.faces).toBe(2);
      expect(await store.person("Ann")).toBeUndefined();
      expect((await store.facesOf([bo.id])).map(({ id }) => id)).toEqual([first, second]);
      await expect(store.moveFace(second + 1, "Bo")).rejects.toThrow(`there is no face ${second + 1}`);
      await expect(store.moveFace(second, " ")).rejects.toThrow(InputError);
      expect(await store.count()).toEqual({ people: 1, faces: 2 });
    });

    test("removes a person: no code, vector, thumbnail or field of theirs is found again", async () => {
      const full = () => face("Ann", { vector: bytes(12), thumbnail: bytes(9), fields: { at: 1 } });
      const ids = await store.add([full(), face("Ann"), face("Bo", { fields: { at: 1 } })]);
      const { id } = (await store.person("Ann"))!;
      const removal = await store.removePerson("Ann");
      expect(removal).toMatchObject({ person: "Ann", personRemoved: true, faces: ids.slice(0, 2) });
      expect([removal.codes, removal.vectors, removal.thumbnails]).toEqual([2, 1, 1]);
      expect(removal.checks.length).toBeGreaterThan(0);
      expect(await store.facesOf([id])).toEqual([]);
      expect(await store.thumbnail(ids[0])).toBeUndefined();
      expect(await store.count()).toEqual({ people: 1, faces: 1 });
      expect((await store.nearest(bytes(64), 9)).map((hit) => hit.face)).toEqual([ids[2]]);
      expect(await store.nearest(bytes(64), 9, [{ field: "at", equals: 1 }])).toHaveLength(1);
      await expect(store.removePerson("Ann")).rejects.toThrow('there is no "Ann"');
    });

    test("keeps receipts of what was removed, by number and without a name", async () => {
      const [first] = await store.add([face("Ann", { vector: bytes(12) }), face("Ann"), face("Bo")]);
      const one = await store.removeFace(first);
      const { person, ...rest } = await store.removePerson("Ann");
      expect(person).toBe("Ann");
      expect(rest.receipt).toBeGreaterThan(one.receipt);
      expect(new Date(rest.time).toISOString()).toBe(rest.time);
      expect(await store.receipt(rest.receipt)).toEqual(rest);
      expect(JSON.stringify(rest)).not.toContain("Ann");
      expect(await store.receipt(rest.receipt + 1)).toBeUndefined();
      expect((await store.receipts()).map(({ receipt }) => receipt)).toEqual([rest.receipt, one.receipt]);
      expect(await store.receipts({ before: rest.receipt, limit: 1 })).toMatchObject([
        { faces: [first], vectors: 1 },
      ]);
      await expect(store.removePerson("Ann")).rejects.toThrow();
      expect(await store.receipts()).toHaveLength(2);
    });

    test("removes one face, and the person with the last; ids are not given again", async () => {
      const [first, second] = await store.add([face("Ann"), face("Ann")]);
      expect(await store.removeFace(second)).toMatchObject({ faces: [second], personRemoved: false });
      expect(await store.removeFace(first)).toMatchObject({ faces: [first], personRemoved: true });
      await expect(store.removeFace(first)).rejects.toThrow(`there is no face ${first}`);
      const [third] = await store.add([face("Ann")]);
      expect(third).toBeGreaterThan(second);
    });

    test("adds all faces or none", async () => {
      await store.add([face("Ann")]);
      const broken: readonly NewFace[][] = [
        [face("Bo"), face("Cy", { code: bytes(63) })],
        [face("Bo"), face("\t")],
        [face("Bo"), face("Cy", { fields: { at: Number.NaN } })],
        [face("Bo"), face("Cy", { fields: { "a b": 1 } })],
        [face("Bo"), face("Cy", { fields: { text: "\0" } })],
        [face("Bo"), face("\ud800")],
      ];
      for (const faces of broken) await expect(store.add(faces)).rejects.toThrow(InputError);
      expect(await store.count()).toEqual({ people: 1, faces: 1 });
      expect(await store.add([])).toEqual([]);
    });

    test("refuses searches that mean nothing, saying what was needed", async () => {
      await expect(store.nearest(bytes(32), 1)).rejects.toThrow("codes have 64 bytes here, got 32");
      await expect(store.nearest(bytes(64), 0)).rejects.toThrow("k must be from 1 to 10000, got 0");
      await expect(store.nearest(bytes(64), Number.NaN)).rejects.toThrow(InputError);
      const filtered = (condition: unknown) => store.nearest(bytes(64), 1, [condition] as Filter);
      await expect(filtered({ field: "a" })).rejects.toThrow("needs equals, oneOf, or from and to");
      await expect(filtered({ field: "a", from: 1, to: "2" })).rejects.toThrow(InputError);
      await expect(filtered({ field: "a'--", equals: 1 })).rejects.toThrow("a field's name must be");
      await expect(filtered({ field: "a", equals: { $ne: 1 } })).rejects.toThrow("got object");
    });

    test("a name is one however it was typed, and none that deceives is taken", async () => {
      const [nfc, nfd] = ["Jos\u00e9", "Jose\u0301"];
      await store.add([
        face(nfc, { fields: { at: `Caf\u00e9`, [nfc]: 1 } }),
        face(nfd, { fields: { at: "Cafe\u0301" } }),
      ]);
      expect(await store.people()).toEqual([{ id: expect.any(Number), name: nfc, faces: 2 }]);
      expect((await store.person(nfd))?.name).toBe(nfc);
      for (const at of [`Caf\u00e9`, "Cafe\u0301"]) {
        expect(await store.count([{ field: "at", equals: at }])).toEqual({ people: 1, faces: 2 });
        expect(await store.nearest(bytes(64), 9, [{ field: "at", oneOf: [at] }])).toHaveLength(2);
      }
      expect(await store.count([{ field: nfd, from: 1 }])).toEqual({ people: 1, faces: 1 });
      await store.add([face("Zoe")]);
      await expect(store.rename("Zoe", nfd)).rejects.toThrow("there is a");
      await store.rename("Zoe", "Zoe\u0308");
      expect((await store.person("Zo\u00eb"))?.faces).toBe(1);
      for (const name of ["Ann\u200b", "\u202eAnn", ".", "..", "An\u00adn"]) {
        await expect(store.add([face(name)])).rejects.toThrow(InputError);
        await expect(store.rename(nfc, name)).rejects.toThrow("a person's name");
      }
      expect(await store.removePerson(nfd)).toMatchObject({ person: nfc, codes: 2 });
      expect(await store.people()).toHaveLength(1);
    });

    test("what is there already is not added again, by whoever adds it at the same time either", async () => {
      const pictures = Array.from({ length: 6 }, (_, i) =>
        face(`person ${i % 2}`, { vector: bytes(12), fields: { picture: `p/${i}` } }),
      );
      const added = await Promise.all([
        store.addMissing(pictures.slice(0, 4), { field: "picture" }),
        store.addMissing(pictures.slice(2), { field: "picture" }),
      ]);
      expect(added[0] + added[1]).toBe(6);
      expect(await store.addMissing(pictures, { field: "picture" })).toBe(0);
      const twin = face("twin", { vector: bytes(12), fields: { b: 1, a: "x" } });
      const twins = [twin, { ...twin, fields: { a: "x", b: 1 } }];
      expect(await store.addMissing(twins, { nth: [1, 2] })).toBe(2);
      expect(await store.addMissing(twins, { nth: [1, 2] })).toBe(0);
      expect(await store.addMissing([twin, face("twin")], { nth: [3, 1] })).toBe(2);
      expect(await store.count()).toEqual({ people: 3, faces: 10 });
    });

    test("is looked through without complaint, and read in full", async () => {
      const faces = [
        face("Bo", { vector: bytes(12).fill(0), thumbnail: bytes(30) }),
        face("Ann", { vector: bytes(12).fill(1), fields: { a: true } }),
      ];
      await store.add(faces);
      expect(await store.check()).toMatchObject({ people: 2, faces: 2, damage: [] });
      const read = [];
      for await (const one of store.salvage(() => expect.unreachable())) read.push(one);
      expect(read.map(({ name, fields }) => [name, fields])).toEqual([
        ["Bo", {}],
        ["Ann", { a: true }],
      ]);
      expect([...read[0].thumbnail!]).toEqual([...faces[0].thumbnail!]);
    });

    test("several callers at once do not disturb one another", async () => {
      const many = Array.from({ length: 12 }, (_, i) => store.add([face(`person ${i % 4}`), face("Ann")]));
      const ids = (await Promise.all(many)).flat();
      expect(new Set(ids).size).toBe(24);
      const [hits] = await Promise.all([
        store.nearest(bytes(64), 100),
        store.removePerson("person 0"),
        store.add([face("new")]),
      ]);
      expect(hits.length).toBeGreaterThanOrEqual(21);
      expect(await store.count()).toEqual({ people: 5, faces: 22 });
      expect(await store.nearest(bytes(64), 100)).toHaveLength(22);
    });

    test.skipIf(!reopen)("is there again when it is opened again, and sees what others change", async () => {
      const [first] = await store.add([face("Ann", { fields: { at: 1 } }), face("Bo")]);
      const other = await reopen!(SUITE_SETTINGS);
      try {
        expect(other.settings).toEqual(SUITE_SETTINGS);
        expect(await other.nearest(bytes(64), 9)).toHaveLength(2);
        await store.add([face("Cy", { code: codeOf(0) })]);
        expect((await other.nearest(codeOf(0), 1))[0]).toMatchObject({ distance: 0, person: { name: "Cy" } });
        await other.removePerson("Cy");
        expect(await store.nearest(codeOf(0), 9)).toHaveLength(2);
        await other.removeFace(first);
        await other.add([face("Di", { code: codeOf(0) })]);
        expect((await store.nearest(codeOf(0), 9)).map(({ person }) => person.name)).toEqual(["Di", "Bo"]);
        await other.merge("Di", "Bo");
        expect((await store.nearest(codeOf(0), 9)).map(({ person }) => person.name)).toEqual(["Bo", "Bo"]);
      } finally {
        await other.close();
      }
    });

    test.skipIf(!reopen)("is refused to another model, key or code", async () => {
      const change = async (settings: Partial<StoreSettings>) =>
        (await reopen!({ ...SUITE_SETTINGS, ...settings })).close();
      await expect(change({ model: "model b" })).rejects.toThrow("it needs model a, got model b");
      await expect(change({ codeBytes: 128 })).rejects.toThrow("it needs 64, got 128");
      await expect(change({ keyCheck: "abc" })).rejects.toThrow("it needs none, got abc");
      const plain = await reopen!();
      expect(plain.settings).toEqual(SUITE_SETTINGS);
      await plain.close();
      await expect(change({ dimension: 4 })).rejects.not.toBeInstanceOf(DataError);
    });
  });
}
