import { expect, test } from "vitest";
import { createRng } from "../../base/random/index.ts";
import { createPerson, createShot, pictureAttributes } from "./index.ts";

const rng = createRng(4);
const drawn = Array.from({ length: 600 }, (_, k) => {
  const person = createPerson(rng.fork(`person ${k}`));
  const shot = createShot(person, rng.fork(`shot ${k}`));
  return { person, shot, attributes: pictureAttributes(person, shot) };
});

/** The share of the drawn people, among those who pass `given`, who have `name`. */
function share(name: string, given: (one: (typeof drawn)[number]) => boolean = () => true): number {
  const kept = drawn.filter(given);
  return kept.filter(({ attributes }) => attributes[name]).length / kept.length;
}

test("every attribute is present in some people and absent in others", () => {
  for (const name of Object.keys(drawn[0].attributes)) {
    expect(share(name), name).toBeGreaterThan(0);
    expect(share(name), name).toBeLessThan(1);
  }
});

test("sex, age and colouring lean on each other as they do in people", () => {
  expect(share("Male")).toBeGreaterThan(0.4);
  expect(share("Male")).toBeLessThan(0.6);
  expect(share("Mustache", ({ person }) => person.sex === "female")).toBe(0);
  expect(share("Bald", ({ person }) => person.sex === "male")).toBeGreaterThan(
    share("Bald", ({ person }) => person.sex === "female"),
  );
  expect(share("Gray Hair", ({ person }) => person.age > 65)).toBeGreaterThan(0.6);
  expect(share("Gray Hair", ({ person }) => person.age < 35)).toBe(0);
  expect(share("Brown Eyes", ({ attributes }) => attributes["Dark Skin"])).toBeGreaterThan(0.8);
  expect(share("Blond Hair", ({ attributes }) => attributes["Dark Skin"])).toBe(0);
});

test("glasses are a habit: some people nearly always wear them, most hardly ever", () => {
  const wearer = drawn.find(({ person }) => person.glasses.habit > 0.9)!.person;
  const other = drawn.find(({ person }) => person.glasses.habit < 0.1)!.person;
  const worn = (person: typeof wearer) =>
    Array.from({ length: 50 }, (_, k) => createShot(person, rng.fork(`${k}`))).filter(
      ({ eyewear }) => eyewear === "glasses",
    ).length;
  expect(worn(wearer)).toBeGreaterThan(35);
  expect(worn(other)).toBeLessThan(10);
});

test("the attributes that exclude each other never meet", () => {
  for (const { attributes } of drawn) {
    const count = (...names: string[]) => names.filter((name) => attributes[name]).length;
    expect(count("Male", "Female")).toBe(1);
    expect(count("Eyeglasses", "Sunglasses", "No Eyewear")).toBe(1);
    expect(count("Mouth Closed", "Mouth Slightly Open", "Mouth Wide Open")).toBe(1);
    expect(count("Bald", "Black Hair", "Brown Hair", "Blond Hair", "Red Hair", "Gray Hair")).toBe(1);
    expect(count("Youth", "Middle Aged", "Senior")).toBeLessThanOrEqual(1);
  }
});
