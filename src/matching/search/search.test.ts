import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { compileKernel } from "../../../scripts/wasm.ts";
import { createRng } from "../../base/random/index.ts";
import { createCodeIndex } from "./index.ts";
import { createKernelScanner } from "./kernelScanner.ts";
import type { Match, Scanner } from "./match.ts";
import { createPlainScanner } from "./plainScan.ts";

const rng = createRng(5);
/** Codes of which many lie equally near: only some bits vary. */
const codesOf = (count: number, codeBytes: number, varying = codeBytes) =>
  Uint8Array.from({ length: count * codeBytes }, (_, i) => (i % codeBytes < varying ? rng.integer(256) : 7));

/** Ones of every byte, counted in its digits. */
const ONES = Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll("0", "").length);

/** Search by sorting all distances. */
function naive(codes: Uint8Array, query: Uint8Array, k: number, allowed = (_: number) => true): Match[] {
  const rows = codes.length / query.length;
  const distance = (row: number) =>
    query.reduce((sum, byte, i) => sum + ONES[byte ^ codes[row * query.length + i]], 0);
  return Array.from({ length: rows }, (_, row) => row)
    .filter(allowed)
    .map((row) => ({ row, distance: distance(row) }))
    .sort((a, b) => a.distance - b.distance || a.row - b.row)
    .slice(0, k);
}

const scanners: readonly (readonly [string, (codeBytes: number) => Scanner])[] = [
  ["plain JavaScript", createPlainScanner],
  ["the kernel on one thread", (codeBytes) => createKernelScanner(codeBytes, 1)!],
  ["the kernel on two threads", (codeBytes) => createKernelScanner(codeBytes, 2)!],
  ["the kernel in memories of two blocks each", (codeBytes) => createKernelScanner(codeBytes, 2, 52)!],
];

describe.each(scanners)("exact search by %s", (_, create) => {
  test.each([4, 12, 64, 128, 520])("finds what a naive search finds in codes of %i bytes", async (size) => {
    const scanner = create(size);
    const codes = codesOf(120, size, Math.min(size, 2));
    scanner.append(codes.subarray(0, 50 * size));
    scanner.append(codes.subarray(50 * size));
    const queries = [codes.slice(0, size), new Uint8Array(size), new Uint8Array(size).fill(255)];
    for (const query of queries) {
      const wanted = naive(codes, query, 120);
      for (const k of [1, 7, 119, 500]) expect(await scanner.scan(query, k)).toEqual(wanted.slice(0, k));
    }
    await scanner.close();
  });

  test("keeps to the rows wanted, and never finds an erased one", async () => {
    const scanner = create(64);
    const codes = codesOf(500, 64, 1);
    scanner.append(codes);
    const query = codes.slice(64, 128);
    const even = Array.from({ length: 250 }, (_, i) => 2 * i);
    expect(await scanner.scan(query, 20, even)).toEqual(naive(codes, query, 20, (row) => row % 2 === 0));
    expect(await scanner.scan(query, 20)).toEqual(naive(codes, query, 20));
    expect(await scanner.scan(query, 5, [])).toEqual([]);
    const gone = naive(codes, query, 3).map(({ row }) => row);
    for (const row of gone) scanner.erase(row);
    const left = (row: number) => !gone.includes(row);
    expect(await scanner.scan(query, 500)).toEqual(naive(codes, query, 500, left));
    expect(await scanner.scan(query, 9, [...gone, 9, 10])).toEqual(
      naive(codes, query, 9, (row) => left(row) && (row === 9 || row === 10)),
    );
    await scanner.close();
  });

  test("rows are written anew, read, and cut off", async () => {
    const scanner = create(12);
    const codes = codesOf(40, 12);
    scanner.append(codes);
    for (const row of [3, 5]) scanner.erase(row);
    scanner.write(3, codes.subarray(0, 12));
    expect([...scanner.read(2, 6)]).toEqual(
      [2, 0, 4].flatMap((row) => [...codes.subarray(row * 12, (row + 1) * 12)]).concat(Array(12).fill(0)),
    );
    expect((await scanner.scan(codes.subarray(0, 12), 2)).map(({ row }) => row)).toEqual([0, 3]);
    scanner.cut(2);
    expect(await scanner.scan(codes.subarray(0, 12), 99)).toHaveLength(2);
    scanner.append(codes.subarray(60));
    const left = naive(codes, codes.subarray(60, 72), 40, (row) => row < 2 || row >= 5);
    const found = await scanner.scan(codes.subarray(60, 72), 40);
    expect(found.map(({ distance }) => distance)).toEqual(left.map(({ distance }) => distance));
    await scanner.close();
  });

  test("finds nothing among no codes", async () => {
    const scanner = create(64);
    expect(await scanner.scan(new Uint8Array(64), 3)).toEqual([]);
    await scanner.close();
  });

  test("agrees with the others on many codes, worst first, equal ones by row", async () => {
    const [size, count] = [64, 90_000]; // six blocks, so that threads share them
    const query = codesOf(1, size);
    const codes = new Uint8Array(count * size);
    for (let row = 0; row < count; row++) {
      const far = Math.floor(512 * (1 - row / count)); // the nearest come last: every row is kept for a while
      for (let i = 0; i < size; i++) {
        const flipped = Math.min(8, Math.max(0, far - 8 * i));
        codes[row * size + i] = query[i] ^ (2 ** flipped - 1);
      }
    }
    const scanner = create(size);
    scanner.append(codes);
    const distance = (row: number) => Math.floor(512 * (1 - row / count));
    const wanted = Array.from({ length: 20_000 }, (_, i) => count - 20_000 + i)
      .map((row) => ({ row, distance: distance(row) }))
      .sort((a, b) => a.distance - b.distance || a.row - b.row);
    for (const k of [1, 500, 10_000]) {
      expect(JSON.stringify(await scanner.scan(query, k))).toBe(JSON.stringify(wanted.slice(0, k)));
    }
    await scanner.close();
  });
});

test("the compiled kernel is what its source compiles to", async () => {
  const committed = await readFile(new URL("./kernelBytes.ts", import.meta.url), "utf8");
  expect(committed).toBe(await compileKernel());
});

describe("an index of codes", () => {
  test("finds by id; searches, additions and erasures that overlap are done in turn", async () => {
    const index = createCodeIndex(8);
    const codes = codesOf(100, 8);
    const ids = Array.from({ length: 100 }, (_, i) => 10 * i + 3);
    const query = codes.slice(0, 8);
    const wanted = naive(codes, query, 100).map(({ row, distance }) => ({
      id: ids[row],
      distance,
      owner: 0,
    }));
    const [, before, , after] = await Promise.all([
      index.append(ids, codes),
      index.nearest(query, 100),
      index.erase([3, 13, 13, 14]),
      index.nearest(query, 100),
    ]);
    expect(before).toEqual(wanted);
    expect(after).toEqual(wanted.filter(({ id }) => id !== 3 && id !== 13));
    expect(await index.nearest(query, 9, [3, 23, 24, 993])).toHaveLength(2);
    expect([index.size, index.wasted, index.lastId]).toEqual([98, 2, 993]);
    await index.close();
  });

  test("takes ids in any order, also once more, and is always what a fresh one is", async () => {
    const index = createCodeIndex(8, { owners: true });
    const held = new Map<number, { code: Uint8Array; group: number; owner: number }>();
    for (let round = 0; round < 60; round++) {
      const added = [...new Set(Array.from({ length: 1 + rng.integer(30) }, () => 1 + rng.integer(400)))];
      const codes = codesOf(added.length, 8, 1);
      const groups = added.map(() => rng.integer(3));
      const owners = added.map(() => 2 ** 40 * rng.integer(9));
      for (const [i, id] of added.entries()) {
        held.set(id, { code: codes.slice(8 * i, 8 * i + 8), group: groups[i], owner: owners[i] });
      }
      await index.append(added, codes, { groups, owners });
      const gone = Array.from({ length: rng.integer(12) }, () => 1 + rng.integer(400));
      for (const id of gone) held.delete(id);
      await index.erase(gone);
      const ids = [...held.keys()].sort((a, b) => a - b);
      const all = Uint8Array.from(ids.flatMap((id) => [...held.get(id)!.code]));
      const query = codesOf(1, 8, 1);
      const wanted = naive(all, query, 500).map(({ row, distance }) => ({
        id: ids[row],
        distance,
        owner: held.get(ids[row])!.owner,
      }));
      for (const k of [1, 10, 500]) expect(await index.nearest(query, k)).toEqual(wanted.slice(0, k));
      expect(index.size).toBe(held.size);
      const [from, to] = [rng.integer(200), 200 + rng.integer(300)];
      const part = ids.filter((id) => id >= from && id < to && held.get(id)!.group === 1);
      const read = await index.read(1, from, to);
      expect(read.ids).toEqual(part);
      expect(read.owners).toEqual(part.map((id) => held.get(id)!.owner));
      expect([...read.codes]).toEqual(part.flatMap((id) => [...held.get(id)!.code]));
    }
    await index.close();
  });
});
