import { describe, expect, test } from "vitest";
import { TINY } from "../../../test/support/tinyTraining.ts";
import { InputError } from "../../base/errors/index.ts";
import { facesInMemory } from "../../faces/data/index.ts";
import { TEMPLATE } from "../../faces/face/index.ts";
import type { Training } from "./config.ts";
import { prepareFaces, regionOf } from "./prepare.ts";

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
});

test("a net looks at the whole face at its own size, in colour or grey", () => {
  expect(regionOf(TINY)).toMatchObject({ height: 39, width: 31, colour: "grey" });
  expect(regionOf(TRAINING)).toMatchObject({ colour: "rgb" });
  const nose = { ...regionOf(TRAINING), name: "nose" };
  expect(regionOf({ ...TRAINING, region: nose })).toBe(nose);
});
