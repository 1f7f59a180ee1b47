import { expect, test } from "vitest";
import { TINY } from "../../../test/support/tinyTraining.ts";
import { lambdaAt, learningRateAt } from "./schedule.ts";

const training = {
  ...TINY,
  steps: 110,
  learningRate: { peak: 0.4, warmup: 10 },
  lambda: { weight: 0.05, after: 20 },
};

test("the learning rate rises linearly to its peak, then falls along half a cosine towards 0", () => {
  const rates = Array.from({ length: 110 }, (_, step) => learningRateAt(step, training));
  expect(rates[0]).toBeCloseTo(0.04, 12);
  expect(rates[4]).toBeCloseTo(0.2, 12);
  expect(rates[9]).toBeCloseTo(0.4, 12);
  expect(rates[10]).toBe(0.4);
  expect(rates[60]).toBeCloseTo(0.2, 12); // halfway
  expect(rates[109]).toBeGreaterThan(0);
  expect(rates[109]).toBeLessThan(2e-4);
  for (let step = 11; step < 110; step++) expect(rates[step]).toBeLessThan(rates[step - 1]);
});

test("without warmup, or with nothing else, the learning rate is still defined", () => {
  const at = (warmup: number, step: number) =>
    learningRateAt(step, { ...training, steps: 4, learningRate: { peak: 1, warmup } });
  expect(at(0, 0)).toBe(1);
  expect([0, 1, 2, 3].map((step) => at(4, step))).toEqual([0.25, 0.5, 0.75, 1]);
});

test("λ is 0 until identification has begun, then rises over as many steps, then stays", () => {
  const at = (step: number) => lambdaAt(step, training);
  expect([0, 10, 20].map(at)).toEqual([0, 0, 0]);
  expect(at(30)).toBeCloseTo(0.025, 12);
  expect([40, 41, 1000].map(at)).toEqual([0.05, 0.05, 0.05]);
  expect(lambdaAt(0, { ...training, lambda: { weight: 0.05, after: 0 } })).toBe(0.05);
});
