import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { createRng } from "../../base/random/index.ts";
import {
  barFigure,
  type CurveMetric,
  type RocCurve,
  rocFigure,
  scoreHistogram,
  trainingCurves,
} from "./index.ts";

/** The curve of scores whose true positive rate is the `power`-th root of the false one. */
function rocOf(name: string, power: number): RocCurve {
  const falsePositiveRate = Array.from({ length: 201 }, (_, k) => k / 200);
  const truePositiveRate = falsePositiveRate.map((rate) => rate ** (1 / power));
  return { name, falsePositiveRate, truePositiveRate, auc: power / (power + 1) };
}

function metricsOf(count: number): CurveMetric[] {
  return Array.from({ length: count }, (_, k) => {
    const fall = Math.exp(-k / 30);
    const step = (k + 1) * 50;
    return {
      step,
      tapLosses: {
        id: [5, 4.5, 4.2, 4].map((loss) => loss * fall),
        ve: [2, 1.8, 1.6, 1.5].map((loss) => loss * fall),
      },
      margins: [9, 8, 7, 6],
      ...(k % 10 === 9 ? { heldOut: { accuracy: 0.95 - 0.4 * fall } } : {}),
    };
  });
}

const scores = () => {
  const rng = createRng(2);
  const draw = (mean: number) => Array.from({ length: 300 }, () => mean + 2 * rng.normal());
  return { same: draw(4), different: draw(-4), threshold: 0.5, label: "Log likelihood ratio" };
};

/** Numbers to 3 digits, so that the last bits of a machine's arithmetic do not count. */
const rounded = (svg: string) =>
  `${svg.replace(/-?\d+\.\d+/g, (number) => String(Number(Number(number).toPrecision(3))))}\n`;

const figures = {
  "roc-linear": () => rocFigure([rocOf("Joint Bayesian", 20), rocOf("cosine", 6)]),
  "roc-log": () =>
    rocFigure([rocOf("Joint Bayesian", 20), rocOf("cosine", 6)], { scale: "log", lowest: 0.005 }),
  "training-curves": () => trainingCurves(metricsOf(40)),
  "training-curves-smoothed": () =>
    trainingCurves(metricsOf(120), { taps: ["FC-1", "FC-2", "FC-3", "FC-4"] }),
  "score-histogram": () => scoreHistogram(scores()),
  bars: () =>
    barFigure(
      [
        { name: "both signals, all taps", value: 0.951, error: 0.004, highlight: true },
        { name: "identification only", value: 0.921, error: 0.005 },
        { name: "FC-4 only", value: 0.934 },
      ],
      { label: "Verification accuracy", from: 0.5, to: 1 },
    ),
} as const;

for (const [name, draw] of Object.entries(figures)) {
  test(`the figure ${name} is drawn as before`, async () => {
    await expect(rounded(draw())).toMatchFileSnapshot(`__snapshots__/${name}.svg`);
  });

  test(`the figure ${name} needs nothing from outside, says what it shows and repeats itself exactly`, () => {
    const svg = draw();
    expect(svg).not.toMatch(/(?:href|src|url\()|<script|<foreignObject|NaN|undefined/);
    const { document } = parseHTML(`<body>${svg}</body>`);
    expect(document.querySelector("svg > title")!.textContent!.length).toBeGreaterThan(10);
    expect(draw()).toBe(svg);
  });
}

test("a ROC curve keeps its ends, and enters a logarithmic axis at the last point before it", () => {
  const curve = {
    name: "x",
    falsePositiveRate: [0, 0.001, 0.004, 0.1, 1],
    truePositiveRate: [0.2, 0.3, 0.5, 0.9, 1],
  };
  const path = pathOf(rocFigure([curve], { scale: "log", lowest: 0.01 }));
  expect(path.at(0)!.x).toBeCloseTo(48, 0); // the left edge of the axis,
  expect(path.at(0)!.y).toBeCloseTo((30 + 396 - 42) / 2, 0); // half way up: 0.5 at 0.004, below 0.01
  expect(path.at(-1)!.x).toBeCloseTo(460 - 20, 0);
  expect(path.at(-1)!.y).toBeCloseTo(30, 0);
});

test("a long ROC curve is thinned without moving", () => {
  const falsePositiveRate = Array.from({ length: 50_001 }, (_, k) => k / 50_000);
  const exact = (rate: number) => Math.sqrt(rate);
  const curve = { name: "x", falsePositiveRate, truePositiveRate: falsePositiveRate.map(exact) };
  const svg = rocFigure([curve]);
  expect(svg.length).toBeLessThan(40_000);
  for (const { x, y } of pathOf(svg)) {
    const rate = (x - 48) / (440 - 48);
    const recognised = (354 - y) / (354 - 30);
    expect(recognised - exact(rate)).toBeLessThan(0.004); // steps lie on the curve or right below it
    expect(recognised - exact(Math.max(0, rate - 0.003))).toBeGreaterThan(-0.004);
  }
});

/** The vertices of the last series of a ROC figure, in pixels of its panel. */
function pathOf(svg: string): { x: number; y: number }[] {
  const lines = [...parseHTML(`<body>${svg}</body>`).document.querySelectorAll('[aria-label="line"] path')];
  const d = lines.at(-1)!.getAttribute("d")!;
  const points: { x: number; y: number }[] = [];
  for (const [, letter, numbers] of d.matchAll(/([MLHV])([^MLHV]*)/g)) {
    const [a, b] = numbers.split(",").map(Number);
    const last = points.at(-1);
    if (letter === "H") points.push({ x: a, y: last!.y });
    else if (letter === "V") points.push({ x: last!.x, y: a });
    else points.push({ x: a, y: b });
  }
  return points;
}

test("the histogram counts what falls on the wrong side of the threshold", () => {
  const svg = scoreHistogram({ same: [1, 2, 3, -1], different: [-3, -2, -2, -2, 4], threshold: 0 });
  expect(svg).toContain("one person (25.0 % below the threshold)");
  expect(svg).toContain("two people (20.0 % above)");
});

test("training curves leave out what was not measured", () => {
  const holes = metricsOf(30).map((metric, k) => ({
    ...metric,
    margins: k === 3 ? [Number.NaN, 1, 1, 1] : metric.margins,
    heldOut: undefined,
  }));
  const svg = trainingCurves(holes);
  expect(svg).toContain("not measured");
  expect(svg).not.toContain("NaN");
});

test("of a teacher alone its error is drawn, and no identification", () => {
  const of = (id: number[]) =>
    trainingCurves(
      metricsOf(3).map((metric, k) => ({
        ...metric,
        tapLosses: { ...metric.tapLosses, id, taught: [k, 1, 1, 1] },
      })),
    );
  const [alone, beside] = [of([0, 0, 0, 0]), of([1, 0, 0, 0])];
  for (const svg of [alone, beside]) expect(svg).toContain("Error against the teacher");
  expect(alone.toLowerCase()).not.toContain("identification loss");
  expect(beside).toContain("Identification loss");
});

test("names in figures are text, whatever they look like", () => {
  const name = '</title></text><script>alert("1")</script>\u0000\u202e&';
  for (const svg of [
    rocFigure([{ ...rocOf(name, 3) }]),
    barFigure([{ name, value: 0.5 }], { label: name }),
    trainingCurves(metricsOf(3), { taps: [name, name, name, name] }),
    scoreHistogram({ ...scores(), label: name }),
  ]) {
    expect(svg).not.toContain("<script>");
    expect(["\u0000", "\u202e"].filter((mark) => svg.includes(mark))).toEqual([]);
    expect(parseHTML(`<body>${svg}</body>`).document.querySelectorAll("script")).toHaveLength(0);
  }
});

test("bars show what a rival reaches, and say it", () => {
  const svg = barFigure(
    [
      { name: "eyes", value: 0.9, rival: 0.88 },
      { name: "nose", value: 0.8 },
    ],
    { label: "Accuracy", rival: "DeepID2" },
  );
  expect(svg).toContain("eyes 90.0 % (DeepID2 88.0 %), nose 80.0 %</title>");
  expect(svg.match(/aria-label="tick"/g)).toHaveLength(1);
});

test("figures refuse results that cannot be drawn", () => {
  expect(() => rocFigure([{ name: "x", falsePositiveRate: [0, 1], truePositiveRate: [0] }])).toThrow(
    "got 1 and 2",
  );
  expect(() =>
    rocFigure([{ name: "x", falsePositiveRate: [0, Number.NaN], truePositiveRate: [0, 1] }]),
  ).toThrow("got NaN");
  expect(() => rocFigure([rocOf("x", 2)], { lowest: 0 })).toThrow("lowest must be in (0, 1), got 0");
  expect(() => trainingCurves([])).toThrow("at least one metric");
  expect(() => trainingCurves(metricsOf(2), { taps: ["FC-4"] })).toThrow("needs 4 tap names, got 1");
  expect(() => scoreHistogram({ same: [], different: [1], threshold: 0 })).toThrow("got 0 and 1");
  expect(() => barFigure([{ name: "x", value: Number.NaN }], { label: "" })).toThrow("got NaN for x");
});
