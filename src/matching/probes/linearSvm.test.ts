import { describe, expect, test } from "vitest";
import { createRng } from "../../base/random/index.ts";
import { fitLinearSvms } from "./index.ts";

/** Two clouds of points in the plane that overlap where `apart` is small. */
function clouds(n: number, apart: number, positives = n / 2) {
  const rng = createRng(2);
  const labels = Int8Array.from({ length: n }, (_, i) => (i < positives ? 1 : -1));
  const values = Float32Array.from({ length: 2 * n }, (_, at) => labels[at >> 1] * apart + rng.normal());
  return { rows: { rows: n, columns: 2, values }, labels };
}

describe("linear support vector machines", () => {
  test("solve two points as by hand", async () => {
    // Points 1 and -1, cost c each: w = 4c / (1 + 4c), b = 0 minimises ½w² + 2c(1 - w)².
    const rows = { rows: 2, columns: 1, values: Float32Array.of(1, -1) };
    const labels = Int8Array.of(1, -1);
    const costs = [0.1, 1, 10];
    const { weights, bias } = await fitLinearSvms(
      rows,
      costs.map((cost) => ({ labels, cost })),
      { tolerance: 1e-6 },
    );
    for (const [k, cost] of costs.entries()) {
      expect(weights.values[k]).toBeCloseTo((4 * cost) / (1 + 4 * cost), 3);
      expect(bias[k]).toBeCloseTo(0, 3);
    }
  });

  test("no other separator near it has a lower objective, by the duality gap and by trying", async () => {
    const { rows, labels } = clouds(200, 0.8, 40);
    const cost = 0.05;
    const { weights, bias, gaps } = await fitLinearSvms(rows, [{ labels, cost }], { tolerance: 1e-4 });
    expect(gaps[0]).toBeLessThanOrEqual(1e-4);
    const objective = (w0: number, w1: number, b: number) => {
      let sum = (w0 * w0 + w1 * w1 + b * b) / 2;
      for (let i = 0; i < 200; i++) {
        const c = (cost * 200) / (2 * (labels[i] > 0 ? 40 : 160));
        const lack = 1 - labels[i] * (w0 * rows.values[2 * i] + w1 * rows.values[2 * i + 1] + b);
        sum += c * Math.max(0, lack) ** 2;
      }
      return sum;
    };
    const [w0, w1] = weights.values;
    const least = objective(w0, w1, bias[0]);
    const rng = createRng(9);
    for (let k = 0; k < 500; k++) {
      const [a, b, c] = [rng.normal(), rng.normal(), rng.normal()].map((step) => step * 0.1);
      expect(objective(w0 + a, w1 + b, bias[0] + c)).toBeGreaterThan(least * (1 - 1e-4));
    }
  });

  test("a row without a label changes nothing, and neither does another problem beside", async () => {
    const { rows, labels } = clouds(60, 0.5);
    const some = labels.map((label, i) => (i % 3 === 0 ? 0 : label));
    const kept = [...labels.keys()].filter((i) => some[i] !== 0);
    const fewer = {
      rows: kept.length,
      columns: 2,
      values: Float32Array.from(kept.flatMap((i) => [rows.values[2 * i], rows.values[2 * i + 1]])),
    };
    const cost = 0.1;
    const exact = { tolerance: 1e-6 };
    const both = await fitLinearSvms(
      rows,
      [
        { labels, cost },
        { labels: some, cost },
      ],
      exact,
    );
    const alone = await fitLinearSvms(fewer, [{ labels: some.filter((label) => label !== 0), cost }], exact);
    for (let j = 0; j < 2; j++) expect(both.weights.values[2 + j]).toBeCloseTo(alone.weights.values[j], 3);
    expect(both.bias[1]).toBeCloseTo(alone.bias[0], 3);
  });

  test("both classes weigh the same, however few pictures one has", async () => {
    const { rows, labels } = clouds(400, 0.5, 20);
    const { weights, bias } = await fitLinearSvms(rows, [{ labels, cost: 1 }]);
    const right = (from: number, to: number) => {
      let count = 0;
      for (let i = from; i < to; i++) {
        const score =
          weights.values[0] * rows.values[2 * i] + weights.values[1] * rows.values[2 * i + 1] + bias[0];
        if (score > 0 === labels[i] > 0) count++;
      }
      return count / (to - from);
    };
    expect(right(0, 20)).toBeGreaterThan(0.6);
    expect(right(20, 400)).toBeGreaterThan(0.6);
  });

  test("of no problem there is nothing to fit; values that are not finite are refused", async () => {
    const { rows, labels } = clouds(4, 1);
    expect((await fitLinearSvms(rows, [])).gaps).toHaveLength(0);
    const broken = { ...rows, values: rows.values.map((value, i) => (i === 3 ? Number.NaN : value)) };
    await expect(fitLinearSvms(broken, [{ labels, cost: 1 }])).rejects.toThrow("not finite");
  });

  test("refuse labels of one kind and costs that are none", async () => {
    const { rows } = clouds(4, 1);
    const learn = (labels: Int8Array, cost = 1) => fitLinearSvms(rows, [{ labels, cost }]);
    await expect(learn(Int8Array.of(1, 1, 1, 1))).rejects.toThrow("rows of both kinds");
    await expect(learn(Int8Array.of(1, 0, 2, -1))).rejects.toThrow("labels of 1, -1 and 0");
    await expect(learn(Int8Array.of(1, -1, 1, 1), Number.NaN)).rejects.toThrow("cost");
  });
});
