import { expect, test } from "vitest";
import { createRng } from "../../base/random/index.ts";
import { createFeatureSet } from "../../matching/features/index.ts";
import { fitAttributes } from "./index.ts";

/** Columns that each tell the attribute a little. */
const TELLING = 8;

test("an attribute is read from one neuron and better from all, on features as they are", async () => {
  const rng = createRng(6);
  const [people, pictures, dimension] = [60, 4, 12];
  const rows = people * pictures;
  const values = new Float32Array(rows * dimension);
  const labels = new Int8Array(rows);
  for (let row = 0; row < rows; row++) {
    labels[row] = Math.floor(row / pictures) % 2 ? 1 : -1;
    for (let j = 0; j < dimension; j++) values[row * dimension + j] = 5 + rng.normal();
    for (let j = 0; j < TELLING; j++) values[row * dimension + j] += 0.7 * labels[row];
  }
  const names = Array.from({ length: rows }, (_, row) => `p${Math.floor(row / pictures)}/${row}`);
  const identities = names.map((name) => name.split("/")[0]);
  const set = createFeatureSet(values, dimension, { names, identities });
  const task = {
    name: "Glasses",
    kind: "attribute",
    against: "none",
    labels,
    positives: rows / 2,
    negatives: rows / 2,
  } as const;
  const [fitted] = await fitAttributes(set, [task], { rng });
  expect(fitted.neuron.index).toBeLessThan(TELLING);
  expect(fitted.accuracy).toBeGreaterThan(fitted.neuron.accuracy + 0.05);
  const right = [...labels.keys()].filter((row) => {
    const score = fitted.weights.reduce(
      (sum, weight, j) => sum + weight * values[row * dimension + j],
      fitted.bias,
    );
    return Math.sign(score) === labels[row];
  });
  expect(fitted.accuracy).toBeGreaterThan(0.9);
  expect(Math.abs(right.length / rows - fitted.accuracy)).toBeLessThan(0.08); // folded to features as they are
  expect(fitted.slope).toBeGreaterThan(0);
});
