import { expect, test } from "vitest";
import { rateFigure } from "./index.ts";

const points = [0.001, 0.01, 0.1, 1].map((at, i) => ({ at, rate: 0.2 + 0.2 * i }));
const panels = [
  {
    title: "Closed set",
    axis: "Rank",
    curves: [{ name: "ours", points: [1, 10, 100].map((at) => ({ at, rate: 0.5 })) }],
  },
  { title: "Open set", axis: "False alarm rate", curves: [{ name: "<one>", points }] },
];

test("rates are drawn panel by panel with one legend, and names stay text", () => {
  const svg = rateFigure(panels);
  expect(svg).toMatch(/^<svg.*<title>Closed set: ours; Open set: &lt;one&gt;<\/title>/s);
  expect(svg).not.toMatch(/NaN|undefined|<one>|(?:href|src)=/);
  for (const tick of ["0.001", "0.01", "0.1", "1", "10", "100"]) expect(svg).toContain(`>${tick}</text>`);
  expect(svg.match(/<circle/g)).toHaveLength(3 + 4);
  expect(rateFigure(panels)).toBe(svg);
});

test("what has no place on the axes is refused", () => {
  const one = (at: number, rate: number) => () =>
    rateFigure([{ title: "t", axis: "x", curves: [{ name: "c", points: [{ at, rate }] }] }]);
  expect(one(0, 0.5)).toThrow("curve c needs points above 0 with rates in [0, 1], got 0, 0.5");
  expect(one(1, Number.NaN)).toThrow("got 1, NaN");
  expect(() => rateFigure([{ title: "t", axis: "x", curves: [{ name: "c", points: [] }] }])).toThrow(
    "got none",
  );
  expect(() => rateFigure([])).toThrow("needs at least one curve");
});
