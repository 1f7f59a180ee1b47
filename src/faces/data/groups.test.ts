import { expect, test } from "vitest";
import { peopleByAttribute } from "./groups.ts";

const table = {
  pictures: ["Ann/Ann_0001", "Ann/Ann_0002", "Bob/Bob_0001", "Cy/Cy_0001", "Cy/Cy_0002", "Di/Di_0001"],
  attributes: new Map([
    ["Female", Int8Array.of(1, 1, -1, 1, 0, 0)],
    ["Male", Int8Array.of(0, 1, 1, 0, 1, 0)],
  ]),
};

test("a person is of the attribute that most of their pictures show; ties and the unrated are of none", () => {
  expect(peopleByAttribute(table, ["Female", "Male"])).toEqual(
    new Map([
      ["Female", new Set(["Ann"])],
      ["Male", new Set(["Bob"])],
    ]),
  );
});

test("an attribute that is not rated is told with those that are", () => {
  expect(() => peopleByAttribute(table, ["Tall"])).toThrow(/no Tall; there are Female, Male/);
});
