import { expect, test } from "vitest";
import { betterOf, describeCompared } from "./compareReleased.ts";

test("a model is better by what so many people can tell, however many pairs are made of their pictures", () => {
  const accuracy = { own: 0.7, released: 0.95 };
  expect(betterOf({ people: 3, pairs: 36, accuracy })).toBe("neither");
  expect(betterOf({ people: 200, pairs: 2_000, accuracy })).toBe("released");
  expect(betterOf({ people: 200, pairs: 2_000, accuracy: { own: 0.95, released: 0.7 } })).toBe("own");
  expect(betterOf({ people: 2, pairs: 4, accuracy: { own: 1, released: 0.5 } })).toBe("neither");
});

test("a comparison of few people says that nothing else that was measured on them is to be relied on", () => {
  const compared = { released: "whole-face", pairs: 36, accuracy: { own: 0.7, released: 0.95 } };
  const few = describeCompared({ ...compared, people: 3, better: "neither" });
  expect(few).toMatch(/^on these 3 people, .* 70.0 % of 36 pairs .* too close to tell which is better\./);
  expect(few).toMatch(/rest on pairs of 3 people: too few to rely on$/);
  expect(describeCompared({ ...compared, people: 200, better: "released" })).toMatch(/is better on them$/);
});
