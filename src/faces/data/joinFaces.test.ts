import { expect, test } from "vitest";
import { DataError } from "../../base/errors/index.ts";
import { FACE_BYTES, facesInMemory } from "./alignedFaces.ts";
import { joinFaces } from "./joinFaces.ts";

/** One-coloured faces of the given values. */
function faces(prefix: string, values: readonly number[], person: (value: number) => string) {
  const pixels = new Uint8Array(values.length * FACE_BYTES);
  values.forEach((value, i) => {
    pixels.fill(value, i * FACE_BYTES, (i + 1) * FACE_BYTES);
  });
  return facesInMemory(
    values.map((_, i) => `${prefix}${i}`),
    values.map(person),
    pixels,
  );
}

const first = faces("a", [1, 2, 3], (value) => `p${value}`);
const second = faces("b", [11, 12], (value) => `p${value - 10}`);
const third = faces("c", [23, 24, 25], (value) => `p${value - 20}`);

test("sets of faces are read as one, across their borders, and split as the first alone", async () => {
  const all = joinFaces([first, second, third]);
  expect([all.count, all.names.length]).toEqual([8, 8]);
  expect(all.identities).toEqual(["p1", "p2", "p3", "p1", "p2", "p3", "p4", "p5"]);
  expect(all.splitBy).toEqual(first.identities);
  const values = async (from: number, count: number) =>
    Array.from(await all.readRange(from, count)).filter((_, at) => at % FACE_BYTES === 5);
  expect(await values(0, 8)).toEqual([1, 2, 3, 11, 12, 23, 24, 25]);
  expect(await values(2, 4)).toEqual([3, 11, 12, 23]);
  expect(await values(4, 1)).toEqual([12]);
  await expect(all.readRange(5, 4)).rejects.toThrow(/rows 5 to 9/);
  expect(all.key).not.toBe(joinFaces([first, second]).key);
  expect(joinFaces([first])).toBe(first);
  expect(joinFaces([joinFaces([first, second]), third]).splitBy).toEqual(first.identities);
});

test("a name in two sets is refused", () => {
  expect(() => joinFaces([first, second, first])).toThrow(DataError);
  expect(() => joinFaces([first, second, first])).toThrow(/a0 is in two/);
});
