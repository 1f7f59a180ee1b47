import { expect, test } from "vitest";
import { TINY } from "../../../test/support/tinyTraining.ts";
import type { Tensors } from "../../math/session/index.ts";
import { SampledClassifiers } from "./sampledClassifiers.ts";
import { MOVED } from "./step.ts";

const PEOPLE = 9;
const SIZE = 5;
const IDENTITIES = Float32Array.of(7, 7, 2, 2, 7, 7);

/** Classifiers whose value k of person p is p + k / 10, among other state. */
function createClassifiers() {
  const rows = (width: number) => ({
    shape: [PEOPLE, width],
    data: Float32Array.from({ length: PEOPLE * width }, (_, i) => Math.floor(i / width) + (i % width) / 10),
  });
  const state: Tensors = {
    "conv1.weight": { shape: [1], data: Float32Array.of(5) },
    "id4.weight": rows(3),
    "id4.bias": rows(1),
    "id4.weight.velocity": rows(3),
    "id4.bias.velocity": rows(1),
  };
  return new SampledClassifiers(TINY, state, SIZE);
}

/** Whose rows a step was given, by their first value. */
const peopleIn = (rows: Tensors) => {
  const { shape, data } = rows["id4.weight"];
  return Array.from({ length: shape[0] }, (_, row) => data[3 * row] as number);
};

test("a step is given the classifiers of its batch's people and of others, and where each is", () => {
  const classifiers = createClassifiers();
  const { identities, rows } = classifiers.feeds(0, IDENTITIES);
  expect(Object.keys(rows)).toEqual(["id4.weight", "id4.bias", "id4.weight.velocity", "id4.bias.velocity"]);
  const people = peopleIn(rows);
  expect(new Set(people).size).toBe(SIZE);
  expect([...identities].map((row) => people[row])).toEqual([...IDENTITIES]);
  expect(rows["id4.bias"]).toEqual({ shape: [SIZE, 1], data: Float32Array.from(people) });
  const values = people.flatMap((person) => [person, person + 0.1, person + 0.2]);
  expect(rows["id4.weight.velocity"]).toEqual({ shape: [SIZE, 3], data: Float32Array.from(values) });
});

test("everybody is drawn as often as another, and the same for the same step", () => {
  const classifiers = createClassifiers();
  const times = new Float64Array(PEOPLE);
  for (let step = 0; step < 700; step++) {
    for (const person of peopleIn(classifiers.feeds(step, IDENTITIES).rows)) times[person]++;
  }
  for (const person of [2, 7]) expect(times[person]).toBe(700);
  for (const person of [0, 1, 3, 4, 5, 6, 8]) expect(Math.abs(times[person] - 300)).toBeLessThan(60); // 3 of 7; deviation 13
  const again = createClassifiers().feeds(699, IDENTITIES);
  expect(classifiers.feeds(699, IDENTITIES)).toEqual(again);
});

test("what a step has written replaces the rows that it was given, and no others", () => {
  const classifiers = createClassifiers();
  const people = peopleIn(classifiers.feeds(3, IDENTITIES).rows);
  for (const { data } of Object.values(classifiers.into)) {
    (data as Float32Array).set(Float32Array.from({ length: data.length }, (_, i) => 100 + i));
  }
  expect(Object.keys(classifiers.into)).toContain(`${MOVED}id4.bias.velocity`);
  classifiers.store();
  const { state } = classifiers;
  expect(Object.keys(state)).not.toContain("conv1.weight");
  for (let person = 0; person < PEOPLE; person++) {
    const row = people.indexOf(person);
    expect(state["id4.bias"].data[person]).toBe(row < 0 ? person : 100 + row);
    expect(state["id4.weight"].data[3 * person + 2]).toBe(
      row < 0 ? Math.fround(person + 0.2) : 102 + 3 * row,
    );
  }
});
