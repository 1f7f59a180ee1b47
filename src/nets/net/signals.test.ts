import { describe, expect, test } from "vitest";
import { evaluate } from "../../../test/support/evaluate.ts";
import {
  expectClose,
  numericalGradient,
  randomTensor,
  type Tensor64,
  toFloat32,
} from "../../../test/support/float64.ts";
import { distancesTwin, identificationTwin, verificationTwin } from "../../../test/support/netTwin.ts";
import { createRng } from "../../base/random/index.ts";
import { gradient, input, mul, scalar } from "../../math/graph/index.ts";
import type { Tensor } from "../../math/session/index.ts";
import { identification, meanNorm, sameIdentity, verification } from "./signals.ts";

const floats = (shape: readonly number[], ...values: number[]): Tensor => ({
  shape,
  data: Float32Array.from(values),
});

/** Loss and gradient of identification, as the engine computes them. */
function runIdentification(logits: Tensor, identities: readonly number[]) {
  const given = input("logits", logits.shape);
  const loss = identification(given, input("identities", [identities.length]));
  const [slope] = gradient(mul(loss, scalar(3)), [given]); // a loss among others: not weight 1
  return evaluate({ loss, slope }, { logits, identities: floats([identities.length], ...identities) });
}

describe("identification", () => {
  test("is -log of the probability of the right person, averaged: by hand", async () => {
    const logits = floats([2, 3], 0, 0, 0, Math.log(2), Math.log(5), Math.log(3));
    const { loss } = await runIdentification(logits, [2, 1]);
    expectClose(loss.data, [(Math.log(3) + Math.log(2)) / 2]); // probabilities 1/3 and 5/10
  });

  test("agrees with plain loops, and its gradient with differences", async () => {
    const logits = randomTensor([5, 4], createRng(1), 2);
    const identities = [3, 0, 0, 2, 1];
    const { loss, slope } = await runIdentification(toFloat32(logits), identities);
    const twin = () => identificationTwin(logits, identities);
    expectClose(loss.data, [twin()]);
    expectClose(
      slope.data,
      numericalGradient(() => 3 * twin(), logits),
    );
  });

  test("holds for logits whose exponentials would overflow", async () => {
    const { loss, slope } = await runIdentification(floats([2, 2], 5000, 4000, -5000, -5001), [1, 0]);
    expectClose(loss.data, [(1000 + Math.log(1 + Math.exp(-1))) / 2]);
    const p = 1 / (1 + Math.exp(-1));
    expectClose(slope.data, [1.5, -1.5, 1.5 * (p - 1), 1.5 * (1 - p)]); // 3/n (softmax - target)
  });
});

/** Loss, distances and gradient of verification, as the engine computes them. */
async function runVerification(features: Tensor, identities: readonly number[], margin: number) {
  const n = identities.length;
  const given = input("features", features.shape);
  const same = sameIdentity(input("identities", [n]));
  const { loss, distances } = verification(given, same, input("margin", []));
  const [slope] = gradient(mul(loss, scalar(0.5)), [given]);
  return evaluate(
    { loss, distances, slope, same },
    { features, identities: floats([n], ...identities), margin: floats([], margin) },
  );
}

describe("verification", () => {
  test("by hand: three pictures, two of one person", async () => {
    const features = floats([3, 2], 0, 0, 3, 4, 0, 1); // distances 5, 1 and √18
    const results = await runVerification(features, [7, 7, 2], 4);
    expect(results.same.data).toEqual(Float32Array.of(1, 1, 0, 1, 1, 0, 0, 0, 1));
    // same: 5²/2; different: (4 - 1)²/2 and none for √18 > 4, over two pairs
    expectClose(results.loss.data, [12.5 + (4.5 + 0) / 2]);
    // half of: pulled together by f₁ - f₂ = (-3, -4); pushed apart by (4 - 1) (f₁ - f₃)/1 = (0, -3), over two
    expectClose(results.slope.data, [-3 / 2, (-4 + 3 / 2) / 2, 3 / 2, 4 / 2, 0, -3 / 4]);
  });

  test.each([0.5, 2.5, 10])(
    "agrees with plain loops at margin %s, and its gradient with differences",
    async (margin) => {
      const features = randomTensor([7, 5], createRng(2));
      const identities = [4, 4, 1, 1, 4, 9, 9];
      const { loss, distances, slope } = await runVerification(toFloat32(features), identities, margin);
      const twin = () => verificationTwin(features, identities, margin);
      expectClose(loss.data, [twin()]);
      expectClose(
        slope.data,
        numericalGradient(() => twin() / 2, features),
        { relative: 1e-4 },
      );
      // on the diagonal stands the smallest distance, whose derivative exists
      const expected = distancesTwin(features).data.map((d) => Math.max(d, 1e-3));
      expectClose(distances.data, expected, { relative: 1e-4, absolute: 2e-3 });
    },
  );

  test("of one person alone has no push, of different people alone no pull", async () => {
    const features = randomTensor([4, 3], createRng(3));
    for (const identities of [
      [1, 1, 1, 1],
      [1, 2, 3, 4],
    ]) {
      const { loss, slope } = await runVerification(toFloat32(features), identities, 5);
      const twin = () => verificationTwin(features, identities, 5);
      expectClose(loss.data, [twin()]);
      expectClose(
        slope.data,
        numericalGradient(() => twin() / 2, features),
        { relative: 1e-4 },
      );
    }
  });

  test("of equal features is finite, and so is its gradient", async () => {
    const features = floats([4, 2], 1, 2, 1, 2, 1, 2, 1, 2);
    const { loss, slope } = await runVerification(features, [0, 0, 1, 1], 1);
    expect(loss.data[0]).toBeCloseTo(0.5, 2); // every different pair lacks the whole margin
    expect(slope.data.every((value) => Number.isFinite(Number(value)))).toBe(true);
  });

  test("keeps its digits where features are long and close together", async () => {
    const rng = createRng(4);
    const base = randomTensor([1, 64], rng, 3); // norms of about 24
    const near: Tensor64 = {
      shape: [6, 64],
      data: Float64Array.from({ length: 6 * 64 }, (_, i) =>
        Math.fround(base.data[i % 64] + 0.1 * rng.normal()),
      ),
    };
    const { distances } = await runVerification(toFloat32(near), [0, 0, 1, 1, 2, 2], 1);
    const exact = Array.from(distancesTwin(near).data);
    const between = exact.flatMap((d, at) =>
      d > 1e-3 ? [Math.abs(Number(distances.data[at]) / d - 1)] : [],
    );
    expect(Math.max(...between)).toBeLessThan(1e-3);
  });
});

test("meanNorm is the mean length of the rows", async () => {
  const rows = input("rows", [2, 2]);
  const { norm } = await evaluate({ norm: meanNorm(rows) }, { rows: floats([2, 2], 3, 4, 0, -1) });
  expectClose(norm.data, [3]);
});
