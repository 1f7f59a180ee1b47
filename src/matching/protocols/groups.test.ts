import { expect, test } from "vitest";
import { createRng } from "../../base/random/index.ts";
import { createFeatureSet } from "../features/index.ts";
import { euclidean } from "../match/index.ts";
import { EVERYBODY, verificationByGroup } from "./index.ts";

/** People on a line, `apart` from one another, with four pictures each that scatter by `scatter`. */
function people(kind: string, count: number, { apart, scatter, from = 0 }: Record<string, number>) {
  const rng = createRng(3).fork(kind);
  return Array.from({ length: count }, (_, k) =>
    Array.from({ length: 4 }, (_, picture) => ({
      identity: `${kind}-${k}`,
      name: `${kind}-${k}_${picture}`,
      value: from + k * apart + scatter * rng.normal(),
    })),
  ).flat();
}
const setOf = (faces: readonly { identity: string; name: string; value: number }[]) =>
  createFeatureSet(Float32Array.from(faces.map(({ value }) => value)), 1, {
    names: faces.map(({ name }) => name),
    identities: faces.map(({ identity }) => identity),
  });
const named = (kind: string, count: number) =>
  new Set(Array.from({ length: count }, (_, k) => `${kind}-${k}`));
const options = { rng: createRng(1), strangers: 4_000, resamples: 200 };
const easy = people("easy", 30, { apart: 10, scatter: 1 });
const hard = people("hard", 30, { apart: 1, scatter: 1, from: 1_000 });
const groups = new Map([
  ["easy", named("easy", 30)],
  ["hard", named("hard", 30)],
]);
const result = verificationByGroup(euclidean, setOf([...easy, ...hard]), groups, options);
const [everybody, ofEasy, ofHard] = result.groups;

test("people who look alike are mistaken for one another more often, at the same threshold", () => {
  expect([everybody.group, ofEasy.group, ofHard.group]).toEqual([EVERYBODY, "easy", "hard"]);
  expect(ofEasy.accuracy.low).toBeGreaterThan(ofHard.accuracy.high);
  expect(ofHard.falseAccept.low).toBeGreaterThan(ofEasy.falseAccept.high);
  expect(ofEasy.people).toBe(30);
  expect(ofEasy.pairs).toEqual({ same: 150, different: 4_000 });
});

test("among everybody the false accept rate is the one asked for", () => {
  expect(everybody.falseAccept.value).toBeLessThanOrEqual(0.01);
  expect(everybody.falseAccept.value).toBeGreaterThan(0.008);
});

test("intervals hold the value, and are wider for fewer people", () => {
  for (const { accuracy, falseAccept, falseReject } of result.groups) {
    for (const { value, low, high } of [accuracy, falseAccept, falseReject]) {
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
    }
  }
  const few = verificationByGroup(
    euclidean,
    setOf([...easy, ...hard]),
    new Map([["few", named("hard", 5)]]),
    options,
  ).groups[1];
  expect(few.accuracy.high - few.accuracy.low).toBeGreaterThan(ofHard.accuracy.high - ofHard.accuracy.low);
});

test("drawn by the same seed the result is the same; a group without pairs is refused by name", () => {
  const set = setOf([...easy, ...hard]);
  expect(verificationByGroup(euclidean, set, groups, options)).toEqual(result);
  expect(() => verificationByGroup(euclidean, set, new Map([["nobody", new Set()]]), options)).toThrow(
    /nobody needs two people/,
  );
});
