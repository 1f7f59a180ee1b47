import { describe, expect, test } from "vitest";
import { createRng } from "../random/index.ts";
import { fitLinearSvm } from "./index.ts";

/** Two clouds of points in the plane that overlap where `apart` is small. */
function clouds(n: number, apart: number, positives = n / 2) {
  const rng = createRng(2);
  const labels = Int8Array.from({ length: n }, (_, i) => (i < positives ? 1 : -1));
  const values = Float32Array.from({ length: 2 * n }, (_, at) => labels[at >> 1] * apart + rng.normal());
  return { rows: { rows: n, columns: 2, values }, labels };
}

describe("the linear support vector machine", () => {
  test("solves two points as by hand", () => {
    // Points 1 and -1: w = 1, b = 0 has both on the margin, objective 1/2.
    const rows = { rows: 2, columns: 1, values: Float32Array.of(1, -1) };
    const svm = fitLinearSvm(rows, Int8Array.of(1, -1), { cost: 10, rng: createRng(1), tolerance: 1e-6 });
    expect(svm.weights[0]).toBeCloseTo(1, 3);
    expect(svm.bias).toBeCloseTo(0, 3);
  });

  test("no other separator near it has a lower objective, by the duality gap and by trying", () => {
    const { rows, labels } = clouds(200, 0.8, 40);
    const cost = 0.05;
    const svm = fitLinearSvm(rows, labels, { cost, rng: createRng(1), tolerance: 1e-4 });
    expect(svm.gap).toBeLessThanOrEqual(1e-4);
    const objective = (w0: number, w1: number, b: number) => {
      let sum = (w0 * w0 + w1 * w1 + b * b) / 2;
      for (let i = 0; i < 200; i++) {
        const c = (cost * 200) / (2 * (labels[i] > 0 ? 40 : 160));
        sum += c * Math.max(0, 1 - labels[i] * (w0 * rows.values[2 * i] + w1 * rows.values[2 * i + 1] + b));
      }
      return sum;
    };
    const [w0, w1] = svm.weights;
    const least = objective(w0, w1, svm.bias);
    const rng = createRng(9);
    for (let k = 0; k < 500; k++) {
      const [a, b, c] = [rng.normal(), rng.normal(), rng.normal()].map((step) => step * 0.1);
      expect(objective(w0 + a, w1 + b, svm.bias + c)).toBeGreaterThan(least * (1 - 1e-4));
    }
  });

  test("both classes weigh the same, however few pictures one has", () => {
    const { rows, labels } = clouds(400, 0.5, 20);
    const { weights, bias } = fitLinearSvm(rows, labels, { cost: 1, rng: createRng(1) });
    const right = (from: number, to: number) => {
      let count = 0;
      for (let i = from; i < to; i++) {
        const score = weights[0] * rows.values[2 * i] + weights[1] * rows.values[2 * i + 1] + bias;
        if (score > 0 === labels[i] > 0) count++;
      }
      return count / (to - from);
    };
    expect(right(0, 20)).toBeGreaterThan(0.6);
    expect(right(20, 400)).toBeGreaterThan(0.6);
  });

  test("refuses labels of one kind and costs that are none", () => {
    const { rows } = clouds(4, 1);
    const rng = createRng(1);
    expect(() => fitLinearSvm(rows, Int8Array.of(1, 1, 1, 1), { cost: 1, rng })).toThrow(
      "rows of both kinds",
    );
    expect(() => fitLinearSvm(rows, Int8Array.of(1, 0, 1, -1), { cost: 1, rng })).toThrow(
      "labels of 1 and -1",
    );
    expect(() => fitLinearSvm(rows, Int8Array.of(1, -1, 1, 1), { cost: Number.NaN, rng })).toThrow("cost");
  });
});
