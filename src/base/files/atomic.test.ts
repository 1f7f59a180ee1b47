import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { removeLeftovers, writeFileAtomic } from "./index.ts";

test("writeFileAtomic replaces a file, in parts or whole, and leaves nothing else behind", async () => {
  const folder = await mkdtemp(join(tmpdir(), "atomic-"));
  const path = join(folder, "a/b.txt");
  await writeFileAtomic(path, "old");
  await writeFileAtomic(path, [Buffer.from("new "), Buffer.from("content")]);
  expect(await readFile(path, "utf8")).toBe("new content");
  expect(await readdir(join(folder, "a"))).toEqual(["b.txt"]);
});

test("writeFileAtomic leaves no temporary file when it fails", async () => {
  const folder = await mkdtemp(join(tmpdir(), "atomic-"));
  await writeFile(join(folder, "plain"), "");
  await expect(writeFileAtomic(join(folder, "plain/child"), "x")).rejects.toThrow();
  await expect(writeFileAtomic(folder, "x")).rejects.toThrow(); // a folder stands where the file should
  expect(await readdir(folder)).toEqual(["plain"]);
});

test("removeLeftovers removes unfinished files and nothing else", async () => {
  const folder = await mkdtemp(join(tmpdir(), "atomic-"));
  await writeFile(join(folder, ".0b0c9f6e-8a39-4f0e-9c55-3f1f6f0a2b11.tmp"), "part");
  await writeFile(join(folder, ".keep.tmp"), "");
  await removeLeftovers(folder);
  expect(await readdir(folder)).toEqual([".keep.tmp"]);
});
