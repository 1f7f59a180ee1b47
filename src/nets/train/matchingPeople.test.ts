import { expect, test } from "vitest";
import { matchingPeople } from "./matchingPeople.ts";

const split = { matching: ["x", "y"], validation: ["z"], train: ["a", "b", "c"] };

test("those kept from the net teach the matcher, and the first of those who trained it, never the validation people", () => {
  expect(matchingPeople(split, 0)).toEqual(["x", "y"]);
  expect(matchingPeople(split, 2)).toEqual(["x", "y", "a", "b"]);
  expect(matchingPeople(split, 3)).toEqual(["x", "y", "a", "b", "c"]);
});

test.each([4, -1, 0.5])("refuses %s of 3 people", (trained) => {
  expect(() => matchingPeople(split, trained)).toThrow("a whole number from 0 to 3 is needed");
});
