import { expect, test } from "vitest";
import { bytes, columns, count, duration } from "./index.ts";

test.each([
  [0, "0 s"],
  [59.4, "59 s"],
  [59.6, "1 min 00 s"],
  [125, "2 min 05 s"],
  [3599.7, "1 h 00 min"],
  [4200, "1 h 10 min"],
])("%d seconds are said as %s", (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test("large counts have thousands", () => {
  expect(count(68784)).toBe("68,784");
});

test("sizes have three digits and a unit", () => {
  expect([bytes(512), bytes(17_234_567), bytes(999_999_999)]).toEqual(["512 bytes", "17.2 MB", "1.00 GB"]);
});

test("values of a list stand below each other", () => {
  expect(
    columns([
      ["a", "1"],
      ["long", "2"],
    ]),
  ).toBe("a     1\nlong  2");
});
