/** Broken JSON files in one line of words. */
import { expect, test } from "vitest";
import { z } from "zod";
import { schemaProblems } from "./index.ts";

const schema = z.strictObject({
  net: z.object({ maps: z.array(z.number()) }),
  seed: z.number(),
  by: z.record(z.string(), z.number()),
});
const problems = (value: unknown) => schemaProblems(schema.safeParse(value).error!);

test("the first few problems are named with their places, and the others counted", () => {
  expect(problems({ net: { maps: [1, 2, "3"] }, by: {} })).toBe(
    "net.maps[2]: expected number, received string; seed: expected number, received undefined",
  );
  expect(problems({ net: { maps: ["a", "b", "c", "d"] }, seed: 1, by: {} })).toMatch(
    /^net\.maps\[0\].* and 1 more$/,
  );
  expect(problems(3)).toBe("expected object, received number");
});

test("whatever the keys of the file are, it is one line of a sensible length", () => {
  const found = problems({
    net: { maps: [] },
    seed: 1,
    by: { "a\nb": "x" },
    [`\n\u202e${"k".repeat(999)}`]: 1,
  });
  expect(found).toContain('by["a\\nb"]: expected number');
  expect(found).not.toMatch(/[\n\u202e]/);
  expect(found.length).toBeLessThan(400);
});
