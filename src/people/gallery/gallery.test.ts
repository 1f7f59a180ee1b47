import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { plainMatcher } from "../../../test/support/faces.ts";
import { InputError } from "../../base/errors/index.ts";
import { createRng } from "../../base/random/index.ts";
import {
  createGallery,
  createMemoryStore,
  type Damage,
  exportLines,
  type GalleryModel,
  openGallery,
  parseKey,
  settingsFor,
} from "./index.ts";

const DIMENSION = 64;

/** Features as they are, four times as alike within a person as between people in the first columns. */
const matcher = plainMatcher(DIMENSION, (i) => (i < 32 ? 4 : 0.1));
const model: GalleryModel = { hash: "a net and its matcher", dimension: DIMENSION, matcher };
const rng = createRng(3);
const someone = () => Float32Array.from({ length: DIMENSION }, (_, i) => (i < 32 ? 2 : 0.3) * rng.normal());
const pictureOf = (who: Float32Array) => who.map((value) => value + rng.normal());
const people = Array.from({ length: 20 }, someone);
const faces = people.flatMap((who, i) =>
  Array.from({ length: 3 }, (_, j) => ({ person: `person ${i}`, features: pictureOf(who), fields: { j } })),
);

describe("a gallery", () => {
  test("finds a person by the exact score of all probes against all their faces", async () => {
    const gallery = await openGallery("memory:", model);
    await gallery.register(faces);
    const probes = [pictureOf(people[7]), pictureOf(people[7])];
    const candidates = await gallery.identify(probes, { limit: 30 });
    const coordinates = (features: Float32Array) => Float64Array.from(features);
    const wanted = people
      .map((_, i) => ({
        name: `person ${i}`,
        score: matcher.sets(
          probes.map(coordinates),
          faces.slice(3 * i, 3 * i + 3).map((f) => coordinates(f.features)),
        ),
      }))
      .sort((a, b) => b.score - a.score);
    expect(candidates.map(({ person }) => person.name)).toEqual(wanted.map(({ name }) => name));
    for (const [i, { score }] of candidates.entries()) expect(score).toBeCloseTo(wanted[i].score, 9);
    expect(candidates[0]).toMatchObject({ person: { name: "person 7" }, faces: 3 });
    expect(candidates[0].score).toBeGreaterThan(0);
    expect(candidates[1].score).toBeLessThan(0);
  });

  test("finds single faces by the exact score of the pair, within a filter", async () => {
    const gallery = await openGallery("memory:", model);
    const ids = await gallery.register(faces);
    const probe = pictureOf(people[4]);
    const found = await gallery.search(probe, { limit: 3, filter: [{ field: "j", equals: 2 }] });
    expect(found[0]).toMatchObject({ faceId: ids[14], person: { name: "person 4" } });
    expect(found[0].score).toBeCloseTo(
      matcher.pair(Float64Array.from(probe), Float64Array.from(faces[14].features)),
      9,
    );
    expect(found.map(({ score }) => score)).toEqual(found.map(({ score }) => score).sort((a, b) => b! - a!));
  });

  test("of codes alone keeps 64 bits of 64 neurons and orders by distance", async () => {
    const gallery = await openGallery("memory:", model, { codesOnly: true });
    expect(gallery.store.settings).toMatchObject({ codeBytes: 8, dimension: 0 });
    await gallery.register(faces);
    const probe = pictureOf(people[2]);
    const [best] = await gallery.identify([probe]);
    expect(best.score).toBeUndefined();
    const ones = (row: Float32Array) => [...row].map((value) => value > 0);
    const half = await openGallery("memory:", {
      ...model,
      codeColumns: [
        [8, 16],
        [40, 64],
      ],
    });
    await half.register([{ person: "Ann", features: Float32Array.from({ length: 64 }, (_, i) => i - 42) }]);
    expect([...(await half.store.facesOf([1]))[0].code]).toEqual([0, 0b11111000, 255, 255]);
    const distances = faces.map(({ features }) => {
      const code = ones(features);
      return ones(probe).filter((bit, i) => bit !== code[i]).length;
    });
    expect(best.hammingDistance).toBe(Math.min(...distances));
    expect((await gallery.search(probe)).map(({ hammingDistance }) => hammingDistance)).toEqual(
      distances.sort((a, b) => a - b).slice(0, 10),
    );
  });

  test("of codes alone is opened as such where nothing is said, and refused where vectors are asked for", async () => {
    const place = join(await mkdtemp(join(tmpdir(), "gallery-")), "codes.db");
    await (await openGallery(place, model, { codesOnly: true })).close();
    const gallery = await openGallery(place, model);
    await gallery.register(faces.slice(0, 3));
    const [best] = await gallery.search(faces[1].features);
    expect(best).toEqual({ faceId: 2, person: { id: 1, name: "person 0" }, hammingDistance: 0 });
    await gallery.close();
    await expect(openGallery(place, model, { codesOnly: false })).rejects.toThrow("the length of vectors");
  });

  test("of an earlier release keeps its codes of neurons; a new one has codes of the matcher, 64 bytes of as many nets as one likes", async () => {
    const folder = await mkdtemp(join(tmpdir(), "gallery-"));
    const now = { ...model, codes: "matcher" } as const;
    const [old, made] = [join(folder, "old.db"), join(folder, "made.db")];
    const earlier = await openGallery(old, model);
    await earlier.register(faces.slice(0, 3));
    await earlier.close();
    const still = await openGallery(old, now);
    await still.register(faces.slice(3, 6));
    expect(still.store.settings).toMatchObject({ model: model.hash, codeBytes: 8 });
    expect((await still.search(faces[4].features))[0]).toMatchObject({ faceId: 5, hammingDistance: 0 });
    expect((await still.search(faces[1].features))[0]).toMatchObject({ faceId: 2, hammingDistance: 0 });
    await still.close();
    const fresh = await openGallery(made, now);
    await fresh.register(faces);
    expect(fresh.store.settings).toMatchObject({ codeBytes: 64, dimension: DIMENSION });
    expect((await fresh.search(faces[4].features))[0]).toMatchObject({ faceId: 5, hammingDistance: 0 });
    await fresh.close();
    const again = await openGallery(made, now);
    expect(again.store.settings.model).not.toBe(model.hash);
    await again.close();
    await expect(openGallery(made, model)).rejects.toThrow("made with codes of another kind");
    await expect(openGallery(old, { ...now, hash: "other" })).rejects.toThrow("made with another model");
    await expect(openGallery("memory:", { ...now, matcher: undefined })).rejects.toThrow(
      "codes of the matcher need a matcher",
    );
  });

  test("says whose a face is now, also while it is given to somebody else", async () => {
    const store = createMemoryStore(settingsFor(model));
    const gallery = createGallery(store, model);
    const [ann, ben] = await gallery.register([
      { person: "Ann", features: people[0] },
      { person: "Ben", features: people[1] },
    ]);
    await gallery.rename("Ann", "Anna");
    expect(await gallery.personOf(ann)).toMatchObject({ name: "Anna", faces: 1 });
    let meanwhile = () => gallery.merge("Anna", "Ben");
    const busy = createGallery(
      Object.assign(Object.create(store) as typeof store, {
        async faces(ids: readonly number[]) {
          const found = await store.faces(ids);
          await meanwhile();
          meanwhile = async () => 0;
          return found;
        },
      }),
      model,
    );
    expect(await busy.personOf(ann)).toMatchObject({ name: "Ben", faces: 2 });
    await gallery.remove("Ben");
    expect(await gallery.personOf(ben)).toBeUndefined();
  });

  test("an export gives up between two faces", async () => {
    const gallery = await openGallery("memory:", model);
    await gallery.register(faces);
    const stop = new AbortController();
    const lines: string[] = [];
    const reading = async () => {
      for await (const line of exportLines(gallery.store, { signal: stop.signal })) {
        if (lines.push(line) === 4) stop.abort();
      }
    };
    await expect(reading()).rejects.toThrow("aborted");
    expect(lines).toHaveLength(4);
  });

  test("refuses features of another net", async () => {
    const gallery = await openGallery("memory:", model);
    const features = new Float32Array(DIMENSION - 1);
    await expect(gallery.register([{ person: "Ann", features }])).rejects.toThrow(
      "have 64 numbers here, got 63",
    );
    await expect(gallery.identify([features])).rejects.toThrow(InputError);
    await expect(gallery.identify([])).rejects.toThrow("needs at least one probe");
    await expect(openGallery("nowhere://", model)).rejects.toThrow("nowhere://");
  });

  test("removes a person with a receipt that says what was erased where", async () => {
    const gallery = await openGallery("memory:", model);
    const ids = await gallery.register(faces);
    const receipt = await gallery.remove("person 3");
    expect(receipt).toMatchObject({
      person: "person 3",
      place: "memory:",
      model: model.hash,
      codes: 3,
      vectors: 3,
    });
    expect(receipt.faces).toEqual(ids.slice(9, 12));
    const left = await gallery.identify([pictureOf(people[3])], { limit: 30 });
    expect(left.map(({ person }) => person.name)).not.toContain("person 3");
    await expect(gallery.faces("person 3")).rejects.toThrow('there is no "person 3"');
    expect(await gallery.faces("person 4")).toEqual(
      ids.slice(12, 15).map((id, j) => ({ id, fields: { j } })),
    );
  });
});

describe("a gallery with a key", () => {
  const key = parseKey("00".repeat(31).concat("ff"));
  const options = { key };
  const open = () => {
    const store = createMemoryStore(settingsFor(model, options));
    const left: string[] = [];
    const onDamage = ({ face, reason }: Damage) => left.push(`face ${face}: ${reason}`);
    return { store, left, gallery: createGallery(store, model, { ...options, onDamage }) };
  };

  test("answers the same, and its store sees neither vectors nor thumbnails", async () => {
    const { store, gallery } = open();
    const thumbnail = Buffer.from("a small picture");
    const [id] = await gallery.register(faces.map((face) => ({ ...face, thumbnail })));
    const plain = await openGallery("memory:", model);
    await plain.register(faces);
    const probe = pictureOf(people[1]);
    expect(await gallery.identify([probe])).toEqual(await plain.identify([probe]));
    expect(Buffer.from((await gallery.thumbnail(id))!).toString()).toBe("a small picture");
    expect(Buffer.from((await store.thumbnail(id))!.bytes).includes("small")).toBe(false);
    const [sealed] = await store.facesOf([1]);
    const [open1] = await plain.store.facesOf([1]);
    expect(Buffer.from(sealed.vector!).includes(Buffer.from(open1.vector!.subarray(0, 8)))).toBe(false);
  });

  test("notices a vector that was altered or moved to another face", async () => {
    const { store, gallery } = open();
    await gallery.register(faces.slice(0, 2));
    const [first, second] = await store.facesOf([1]);
    const forge = async (vector: Uint8Array) => {
      const forged = open();
      await forged.store.add([{ person: "x", code: first.code, vector }]);
      await forged.gallery.register(faces.slice(2, 3));
      const found = await forged.gallery.identify([faces[0].features]);
      await forged.gallery.search(faces[0].features); // does not tell again
      return { found: found.map(({ person }) => person.name), left: forged.left };
    };
    const others = faces[2].person;
    expect(await forge(first.vector!)).toEqual({ found: expect.arrayContaining(["x", others]), left: [] });
    const altered = first.vector!.map((byte, i) => (i === 20 ? byte ^ 1 : byte));
    for (const vector of [second.vector!, altered]) {
      expect(await forge(vector)).toEqual({
        found: [others], // nobody else is kept from being found
        left: ["face 1: its sealed vector was altered, or belongs to another face"],
      });
    }
    expect((await forge(new Uint8Array(3))).left).toEqual([expect.stringContaining("bytes, got 3")]);
  });

  test("needs a whole key, in hexadecimal digits or base64", () => {
    expect(parseKey(Buffer.from(key).toString("base64"))).toEqual(Buffer.from(key));
    expect(() => parseKey("secret")).toThrow("needs 64 hexadecimal digits");
    expect(() => parseKey("secret")).not.toThrow("secret");
    expect(settingsFor(model, options).keyCheck).not.toBe(settingsFor(model).keyCheck);
  });
});
