import { join } from "node:path";
import { expect, test } from "vitest";
import { failureOf, folderOf } from "../../../test/support/pictures.ts";
import { DataError } from "../../base/errors/index.ts";
import { picturesIn, readPairs, rowsOfPairs } from "./index.ts";

const pairsFile = async (...lines: string[]) =>
  join(await folderOf({ "pairs.txt": lines.join("\n") }), "pairs.txt");

/** The error of reading `lines`, after checking that it names the file and line `where`. */
async function refusal(where: number, ...lines: string[]): Promise<string> {
  const path = await pairsFile(...lines);
  const error = await failureOf(readPairs(path));
  expect(error).toBeInstanceOf(DataError);
  expect(error.message).toContain(`${path}:${where}: `);
  return error.message;
}

test("folds of same and different pairs are read, with tabs or spaces, for any number of folds", async () => {
  const { folds } = await readPairs(
    await pairsFile("2\t1", "Ann\t1\t4", "Ann\t1\tBob\t12", "Cy 3 2", "Cy 1 Di 10000", ""),
  );
  expect(folds).toEqual([
    [
      { a: "Ann/Ann_0001", b: "Ann/Ann_0004", same: true },
      { a: "Ann/Ann_0001", b: "Bob/Bob_0012", same: false },
    ],
    [
      { a: "Cy/Cy_0003", b: "Cy/Cy_0002", same: true },
      { a: "Cy/Cy_0001", b: "Di/Di_10000", same: false },
    ],
  ]);
});

test("a first line of one number is View 1's format: one fold", async () => {
  const { folds } = await readPairs(
    await pairsFile("2", "Ann\t1\t2", "Ann\t1\t3", "Ann\t1\tBo\t1", "Ann\t2\tBo\t1"),
  );
  expect(folds.map((fold) => fold.map(({ same }) => same))).toEqual([[true, true, false, false]]);
});

test("Windows line ends, a byte order mark and blank lines do no harm", async () => {
  const { folds } = await readPairs(await pairsFile("\uFEFF1\t1\r", "\r", "Ann\t1\t2\r", "Ann\t1\tBo\t1\r"));
  expect(folds[0].length).toBe(2);
});

test("what is wrong with a line is said with file and line", async () => {
  expect(await refusal(1, "ten 1", "x")).toMatch(/number of folds must be a number, got "ten"/);
  expect(await refusal(1, "0 1")).toMatch(/whole number above 0, got "0"/);
  expect(await refusal(1, "1 2 3")).toMatch(/got 3 columns/);
  expect(await refusal(2, "1 1", "Ann 1", "Ann 1 Bo 1")).toMatch(/3 columns "Name 1 4", got 2/);
  expect(await refusal(2, "1 1", "Ann 1 Bo 1", "Ann 1 2")).toMatch(/pair of one person is expected here/);
  expect(await refusal(3, "1 1", "Ann 1 2", "Ann 1 2")).toMatch(/pair of two people is expected here/);
  expect(await refusal(3, "1 1", "Ann 1 2", "Ann 1 Ann 2")).toMatch(/both are Ann/);
  expect(await refusal(2, "1 1", "Ann 1 x", "Ann 1 Bo 2")).toMatch(
    /second picture must be a number, got "x"/,
  );
  expect(await refusal(2, "1 1", "Ann 1 1.5", "Ann 1 Bo 2")).toMatch(/whole number above 0, got "1.5"/);
  expect(await refusal(2, "1 1", "Ann\t1\t ", "Ann 1 Bo 2")).toMatch(/got 2/);
  expect(await refusal(2, "1 1", "Ann 3 3", "Ann 1 Bo 2")).toMatch(/paired with itself/);
});

test("a pair that stands in the file twice is refused, in either order", async () => {
  expect(await refusal(5, "1 2", "Ann 1 2", "Ann 1 3", "Ann 1 Bo 1", "Bo 1 Ann 1")).toMatch(/twice/);
  expect(await refusal(3, "1 2", "Ann 1 2", "Ann 2 1", "Ann 1 Bo 1", "Bo 1 Ann 2")).toMatch(/twice/);
});

test("a file of fewer or more pairs than its first line says is refused", async () => {
  const path = await pairsFile("2 300", "Ann 1 2");
  expect((await failureOf(readPairs(path))).message).toMatch(
    /2 x \(300 same \+ 300 different\) = 1200 pairs, got 1$/,
  );
  expect((await failureOf(readPairs(await pairsFile("")))).message).toMatch(/empty/);
  expect(await failureOf(readPairs("/nowhere/pairs.txt"))).toBeInstanceOf(DataError);
});

test("rowsOfPairs finds the rows of each pair's pictures", async () => {
  const pairs = await readPairs(await pairsFile("1\t1", "Ann\t1\t2", "Ann\t1\tBo\t1"));
  expect([...picturesIn(pairs)]).toEqual(["Ann/Ann_0001", "Ann/Ann_0002", "Bo/Bo_0001"]);
  expect(rowsOfPairs(pairs, ["Ann/Ann_0001", "Ann/Ann_0002", "Bo/Bo_0001"])).toEqual([
    [
      { a: 0, b: 1, same: true },
      { a: 0, b: 2, same: false },
    ],
  ]);
});

test("missing pictures are counted, the first few listed, the first with file and line", async () => {
  const path = await pairsFile("1\t1", "", "Ann\t1\t2", "Ann\t1\tBo\t1");
  const pairs = await readPairs(path);
  expect(() => rowsOfPairs(pairs, ["Ann/Ann_0001", "Ann/Ann_0002"])).toThrow(
    `${path}:4: 1 pictures of the pairs are not there: "Bo/Bo_0001"`,
  );
  const many = { folds: [Array.from({ length: 9 }, (_, i) => ({ a: `a${i}`, b: "b", same: false }))] };
  expect(() => rowsOfPairs(many, ["b"])).toThrow(/^9 pictures .* "a4" and 4 more$/);
});
