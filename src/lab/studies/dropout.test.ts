import { expect, test } from "vitest";
import { createFeatureSet } from "../../matching/features/index.ts";
import { type DropoutNet, dropoutFinding, sparsity } from "./index.ts";

/** A net of which `active` of 10 neurons fire. */
function net(rate: number, active: number): DropoutNet {
  const values = Float32Array.from({ length: 20 }, (_, at) => (at % 10 < active ? 1 : 0));
  const set = createFeatureSet(values, 10, { names: ["a", "b"], identities: ["a", "b"] });
  return { rate, accuracy: 0.9, layers: [{ name: "FC-4", ...sparsity(set) }] };
}

test("sparsity that is moderate at every rate does not come from dropout", () => {
  const { holds, verdict } = dropoutFinding([net(0.5, 5), net(0, 4)]);
  expect(holds).toBe(true);
  expect(verdict).toContain("40.0 % at 0, 50.0 % at 0.5");
  expect(verdict).toContain("differ by 10.0 points");
});

test("sparsity that only dropout brings does", () => {
  expect(dropoutFinding([net(0, 9), net(0.5, 5)]).holds).toBe(false);
  expect(dropoutFinding([net(0, 5), net(0.75, 1)]).holds).toBe(false);
});

test("without a net that had no dropout nothing can be said", () => {
  expect(() => dropoutFinding([net(0.25, 5), net(0.5, 5)])).toThrow("0 among them");
});
