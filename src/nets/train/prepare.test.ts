import { describe, expect, test } from "vitest";
import { TINY } from "../../../test/support/tinyTraining.ts";
import { InputError } from "../../base/errors/index.ts";
import { facesInMemory, joinFaces } from "../../faces/data/index.ts";
import { TEMPLATE } from "../../faces/face/index.ts";
import { createFeatureSet } from "../../matching/features/index.ts";
import type { Training } from "./config.ts";
import { heldOutKey, prepareFaces, regionOf, splitFor } from "./prepare.ts";

const BYTES = TEMPLATE.height * TEMPLATE.width * 3;
const TRAINING: Training = {
  ...TINY,
  net: { ...TINY.net, channels: 3 },
  split: { matching: 2, validation: 3 },
  augmentation: { ...TINY.augmentation, shift: 2 },
};

/** Faces of 12 people, of whom person 0 has one picture and the others four; picture i is all of value i. */
function faces() {
  const identities = [
    "p00",
    ...Array.from({ length: 44 }, (_, i) => `p${String(1 + (i >> 2)).padStart(2, "0")}`),
  ];
  const names = identities.map((person, i) => `${person}/${String(i).padStart(2, "0")}`);
  const pixels = Uint8Array.from({ length: names.length * BYTES }, (_, at) => Math.floor(at / BYTES));
  return facesInMemory(names, identities, pixels);
}

describe("prepareFaces", () => {
  test("gives crops, with their margin, of people who are neither for matching nor for validation", async () => {
    const all = faces();
    const { faces: own, split, key, heldOut } = await prepareFaces(all, TRAINING);
    expect(split.matching.length).toBe(2);
    expect(split.validation.length).toBe(3);
    const trained = split.train.filter((person) => person !== "p00"); // one picture makes no pair
    expect(own.people).toBe(trained.length);
    const rows = own.identities.length;
    expect(rows).toBe(4 * trained.length);
    const size = (39 + 4) * (31 + 4) * 3;
    expect([own.margin, own.crops.length]).toEqual([2, rows * size]);
    const held = new Set([...split.matching, ...split.validation]);
    for (let row = 0; row < rows; row++) {
      const person = all.identities[own.crops[row * size]]; // the value says which picture it is
      expect(person).toBe(trained[own.identities[row]]);
      expect(held.has(person)).toBe(false);
    }
    expect(key).toMatch(/^[0-9a-f]{64}$/);

    const heldSize = 39 * 31 * 3;
    expect(heldOut!.crops.length).toBe(3 * 4 * heldSize);
    const personAt = (row: number) => all.identities[heldOut!.crops[row * heldSize]];
    expect(heldOut!.pairs.length).toBeGreaterThan(0);
    for (const { a, b, same } of heldOut!.pairs) {
      expect(a).not.toBe(b);
      expect(personAt(a) === personAt(b)).toBe(same);
      for (const row of [a, b]) expect(split.validation).toContain(personAt(row));
    }
    const same = heldOut!.pairs.filter((pair) => pair.same).length;
    expect(2 * same).toBe(heldOut!.pairs.length);
  });

  test("is the same each time; another seed or another set is another key", async () => {
    const [first, again] = [await prepareFaces(faces(), TRAINING), await prepareFaces(faces(), TRAINING)];
    const { crops, ...rest } = first.faces;
    expect({ ...again.faces, crops: undefined }).toEqual({ ...rest, crops: undefined });
    expect(Buffer.compare(again.faces.crops, crops)).toBe(0);
    expect([again.key, again.split, again.heldOut!.pairs]).toEqual([
      first.key,
      first.split,
      first.heldOut!.pairs,
    ]);
    const other = await prepareFaces(faces(), { ...TRAINING, seed: 2 });
    expect(other.key).not.toBe(first.key);
  });

  test("holds nobody out where none are asked for", async () => {
    const { heldOut, split } = await prepareFaces(faces(), {
      ...TRAINING,
      split: { matching: 0, validation: 0 },
    });
    expect(heldOut).toBeUndefined();
    expect(split.train.length).toBe(12);
  });

  test("needs two people to train on", async () => {
    const split = { matching: 8, validation: 3 };
    await expect(prepareFaces(faces(), { ...TRAINING, split })).rejects.toThrow(InputError);
  });

  test("holds out the people of the first of several sets with all their pictures, and trains on new ones", async () => {
    const base = faces();
    const split = splitFor(base, TRAINING);
    const more = [split.matching[0], split.validation[0], "new", "new"];
    const pixels = new Uint8Array(more.length * BYTES).fill(200);
    const extra = facesInMemory(
      more.map((_, i) => `more/${i}`),
      more,
      pixels,
    );
    const joined = joinFaces([base, extra]);
    const { faces: own, split: both } = await prepareFaces(joined, TRAINING);
    expect(both.matching).toEqual(split.matching);
    expect(both.validation).toEqual(split.validation);
    expect(both.train).toEqual([...split.train, "new"]);
    expect(heldOutKey(joined, both)).toBe(heldOutKey(base, split));
    expect(heldOutKey(base, { ...split, validation: split.matching })).not.toBe(heldOutKey(base, split));
    const size = (39 + 4) * (31 + 4) * 3;
    const bright = Array.from(own.identities.keys()).filter((row) => own.crops[row * size] === 200);
    expect(bright.map((row) => own.identities[row])).toEqual([own.people - 1, own.people - 1]);
  });

  test("takes a teacher's features of exactly the training pictures, and says what is missing or not asked for", async () => {
    const all = faces();
    const taught: Training = { ...TRAINING, teacher: { weight: 1, views: 1, labels: 0 } };
    const values = Float32Array.from(all.names, (_, i) => i);
    const features = createFeatureSet(values, 1, all);
    const { faces: own } = await prepareFaces(all, taught, { features, source: "t" });
    const size = (39 + 4) * (31 + 4) * 3;
    const pictures = Array.from(own.identities.keys(), (row) => own.crops[row * size]); // a value is its picture's number
    expect(pictures).toContain(0); // one picture is enough for a teacher
    const mean = pictures.reduce((sum, value) => sum + value, 0) / pictures.length;
    const ratio = own.taught!.values[3] / (pictures[3] - mean);
    pictures.forEach((value, row) => {
      expect(own.taught!.values[row]).toBeCloseTo(ratio * (value - mean), 4);
    });
    await expect(prepareFaces(all, taught)).rejects.toThrow(/give its features of the training pictures/);
    await expect(prepareFaces(all, TRAINING, { features, source: "t" })).rejects.toThrow(
      /t: the config has no/,
    );
  });
});

test("a net looks at the whole face at its own size, in colour or grey", () => {
  expect(regionOf(TINY)).toMatchObject({ height: 39, width: 31, colour: "grey" });
  expect(regionOf(TRAINING)).toMatchObject({ colour: "rgb" });
  const nose = { ...regionOf(TRAINING), name: "nose" };
  expect(regionOf({ ...TRAINING, region: nose })).toBe(nose);
});
