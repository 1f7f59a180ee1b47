import { expect, test } from "vitest";
import { createRng } from "../../base/random/index.ts";
import { favouriteInput, integratedGradients, totalVariation, variationSlope } from "./index.ts";

/** F(x) = Σ weight x² + first · second of each point: quadratic, so that the midpoint rule is exact. */
const quadratic = (weights: readonly number[]) => async (points: Float32Array) => {
  const size = weights.length;
  const answers: number[] = [];
  const slopes = new Float32Array(points.length);
  for (let at = 0; at < points.length; at += size) {
    const [x, y] = [points[at], points[at + 1]];
    answers.push(weights.reduce((sum, weight, i) => sum + weight * points[at + i] ** 2, x * y));
    weights.forEach((weight, i) => {
      slopes[at + i] = 2 * weight * points[at + i] + [y, x][i] || 2 * weight * points[at + i];
    });
  }
  return { answers, slopes };
};

test("what numbers are worth adds up to the answer's difference, and is each one's own share", async () => {
  const input = Float32Array.of(1, 2, -1, 0.5);
  const baseline = Float32Array.of(0.5, 0, -1, 0);
  const found = await integratedGradients(input, { baseline, steps: 3 }, quadratic([1, -0.5, 3, 2]));
  const difference = found.answer - found.baselineAnswer;
  expect(found.worth.reduce((sum, value) => sum + value, 0)).toBeCloseTo(difference, 5);
  // ∫ along the path by hand: x: 2·1·(x² − x'²)/2 + ∫ y dx; what does not differ from the baseline is worth nothing
  expect(found.worth[0]).toBeCloseTo(0.75 + 0.5 * 1, 5);
  expect(found.worth[1]).toBeCloseTo(-0.5 * 4 + 2 * 0.75, 5);
  expect(found.worth[2]).toBeCloseTo(0, 9);
  expect(found.worth[3]).toBeCloseTo(2 * 0.25, 5);
});

test("a baseline of another size and no steps are refused", async () => {
  const slopes = quadratic([1, 1]);
  const input = Float32Array.of(1, 2);
  const wrong = integratedGradients(input, { baseline: Float32Array.of(1) }, slopes);
  await expect(wrong).rejects.toThrow("a baseline of 2 numbers and a step or more, got 1 and 48");
  await expect(integratedGradients(input, { baseline: input, steps: 0 }, slopes)).rejects.toThrow(
    "got 2 and 0",
  );
});

test("the slope of total variation is what moving a pixel does", () => {
  const shape = { channels: 2, height: 3, width: 4 };
  const rng = createRng(5);
  const picture = Float32Array.from({ length: 24 }, () => rng.normal());
  const slope = variationSlope(picture, shape);
  for (let i = 0; i < 24; i++) {
    const moved = (by: number) =>
      totalVariation(
        picture.map((value, at) => value + (at === i ? by : 0)),
        shape,
      );
    expect((moved(0.01) - moved(-0.01)) / 0.02).toBeCloseTo(slope[i], 3);
  }
  expect(totalVariation(new Float32Array(24).fill(0.3), shape)).toBe(0);
});

test("the favourite input of a linear answer is its weights' signs, and smooth where asked", async () => {
  const shape = { channels: 1, height: 4, width: 4 };
  const weights = Float32Array.from({ length: 16 }, (_, i) => ((i + (i >> 2)) % 2 === 0 ? 1 : -1));
  const linear = async (points: Float32Array) => ({
    answers: [points.reduce((sum, value, i) => sum + value * weights[i], 0)],
    slopes: weights,
  });
  const rough = await favouriteInput(new Float32Array(16), shape, linear, {
    smoothness: 0,
    rate: 0.1,
    steps: 20,
  });
  expect(Array.from(rough.picture)).toEqual(Array.from(weights));
  expect(rough.answers.at(-1)).toBeCloseTo(16);
  expect(rough.answers.every((answer, i) => i === 0 || answer >= rough.answers[i - 1])).toBe(true);
  const smooth = await favouriteInput(new Float32Array(16), shape, linear, {
    smoothness: 0.9,
    rate: 0.1,
    steps: 20,
  });
  expect(totalVariation(smooth.picture, shape)).toBeLessThan(0.2 * totalVariation(rough.picture, shape));
  const silent = async () => ({ answers: [0], slopes: new Float32Array(16) });
  const start = Float32Array.from(weights);
  expect(await favouriteInput(start, shape, silent)).toEqual({ picture: start, answers: [0, 0] });
  await expect(favouriteInput(new Float32Array(3), shape, linear)).rejects.toThrow(
    "needs 1 x 4 x 4 numbers, got 3",
  );
});
