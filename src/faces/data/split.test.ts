import fc from "fast-check";
import { expect, test } from "vitest";
import { DataError, InputError } from "../../base/errors/index.ts";
import { createRng } from "../../base/random/index.ts";
import { assertDisjoint, assertNoOverlap } from "../../matching/protocols/index.ts";
import { makePairs, rowsOf, splitPeople } from "./index.ts";

/** Identities of pictures: person i has `sizes[i]` of them. */
const identitiesOf = (sizes: readonly number[]) =>
  sizes.flatMap((size, person) => Array.from({ length: size }, () => `p${person}`));

const facesOf = (sizes: readonly number[]) => {
  const identities = identitiesOf(sizes);
  return { identities, names: identities.map((person, i) => `${person}/${i}`) };
};

const depth = fc.integer({ min: 1, max: 15 });

test("a split has the sizes asked for, and every person is in exactly one part", () => {
  fc.assert(
    fc.property(fc.array(depth, { minLength: 10, maxLength: 60 }), fc.nat(), (sizes, seed) => {
      const identities = identitiesOf(sizes);
      const split = splitPeople(identities, { matching: 3, validation: 0.2, rng: createRng(seed) });
      expect(split.matching.length).toBe(3);
      expect(split.validation.length).toBe(Math.round(0.2 * sizes.length));
      const all = [...split.train, ...split.matching, ...split.validation];
      expect(all.sort()).toEqual([...new Set(identities)].sort());
      assertDisjoint({ ...split });
    }),
  );
});

test("held-out parts get their share of deep people, as far as there are any", () => {
  const sizes = Array.from({ length: 200 }, (_, i) => (i < 40 ? 12 : 5)); // 40 deep people
  const deepOf = (people: readonly string[]) => people.filter((p) => Number(p.slice(1)) < 40).length;
  const split = (deepShare: number, matching = 40) =>
    splitPeople(identitiesOf(sizes), { matching, validation: 20, deepShare, rng: createRng(3) });
  expect([deepOf(split(0.5).matching), deepOf(split(0.5).validation)]).toEqual([20, 10]);
  expect(deepOf(split(0).matching)).toBe(0);
  expect([deepOf(split(1).matching), split(1).matching.length]).toEqual([40, 40]);
  expect([deepOf(split(1).validation), split(1).validation.length]).toEqual([0, 20]);
  // Too few shallow people: deep ones fill the part.
  expect(split(0, 170).matching.length).toBe(170);
});

test("the seed decides the split; the order of the pictures does not", () => {
  const identities = identitiesOf(Array.from({ length: 50 }, () => 3));
  const split = (list: string[], seed: number) =>
    splitPeople(list, { matching: 10, validation: 10, train: 20, rng: createRng(seed) });
  expect(split(identities, 1)).toEqual(split([...identities].reverse(), 1));
  expect(split(identities, 1)).not.toEqual(split(identities, 2));
  expect(split(identities, 1).train.length).toBe(20);
});

test("sizes that cannot be are refused", () => {
  const split = (matching: number, validation: number, train?: number) => () =>
    splitPeople(["a", "b", "c"], { matching, validation, train, rng: createRng(1) });
  expect(split(2, 2)).toThrow(InputError);
  expect(split(1, 1, 2)).toThrow("more than the 3 people there are");
  expect(split(1.5, 1)).toThrow("got 1.5");
  expect(split(Number.NaN, 1)).toThrow("got NaN");
  expect(split(-1, 1)).toThrow("got -1");
});

test("rowsOf gives the rows of some people", () => {
  expect([...rowsOf(["a", "b", "a", "c"], ["a", "c"])]).toEqual([0, 2, 3]);
});

test("people on two sides are refused by name", () => {
  expect(() => assertDisjoint({ train: ["Ann", "Bo"], validation: ["Cy", "Bo", "Bo"] })).toThrow(
    '1 people stand on two sides of a split: "Bo in train and validation"',
  );
  expect(() => assertNoOverlap(["Ann", "Bo"], ["Bo", "Cy", "Bo"])).toThrow(
    '1 people of the test set are in the training set: "Bo"',
  );
  expect(() => assertNoOverlap(["Ann"], ["Ann"])).toThrow(DataError);
  assertNoOverlap(["Ann"], ["Bo"]);
});

test("pairs are half of one person and half of two, distinct, and no person is in two folds", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 2, max: 9 }), { minLength: 40, maxLength: 60 }),
      fc.nat(),
      (sizes, seed) => {
        const faces = facesOf(sizes);
        const personOf = new Map(faces.names.map((name, i) => [name, faces.identities[i]]));
        const { folds } = makePairs(faces, { count: 60, folds: 5, rng: createRng(seed) });
        expect(folds.map((fold) => fold.length)).toEqual([12, 12, 12, 12, 12]);
        const pairs = folds.flat();
        expect(pairs.filter(({ same }) => same).length).toBe(30);
        for (const { a, b, same } of pairs) {
          expect(personOf.get(a) === personOf.get(b)).toBe(same);
          expect(a).not.toBe(b);
        }
        expect(new Set(pairs.map(({ a, b }) => [a, b].sort().join())).size).toBe(60);
        assertDisjoint(
          Object.fromEntries(
            folds.map((fold, i) => [i, fold.flatMap(({ a, b }) => [personOf.get(a)!, personOf.get(b)!])]),
          ),
        );
      },
    ),
    { numRuns: 30 },
  );
});

test("people of many pictures do not outweigh the others", () => {
  const faces = facesOf([100, 2, 2, 2, 2]);
  const { folds } = makePairs(faces, { count: 10, folds: 1, rng: createRng(1) });
  const same = folds[0].filter((pair) => pair.same).map(({ a }) => a.split("/")[0]);
  expect(same.sort()).toEqual(["p0", "p1", "p2", "p3", "p4"]);
});

test("all pairs there are can be drawn, and not one more", () => {
  const faces = facesOf([3, 3]); // 6 same pairs, 9 different ones
  const draw = (count: number) => makePairs(faces, { count, folds: 1, rng: createRng(1) });
  expect(draw(12).folds[0].length).toBe(12);
  expect(() => draw(14)).toThrow("a fold needs 7 pairs of one person, its people have 6");
  expect(() => makePairs(facesOf([9]), { count: 2, folds: 1, rng: createRng(1) })).toThrow(
    "pairs of two people",
  );
  expect(() => makePairs(faces, { count: 3, folds: 1, rng: createRng(1) })).toThrow(
    "3 pairs cannot be 1 folds",
  );
});
