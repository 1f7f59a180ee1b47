import { mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTensorFile, readSafetensors } from "./index.ts";

const newFolder = () => mkdtemp(join(tmpdir(), "stream-"));

test("rows written in any order make a file that reads back", async () => {
  const path = join(await newFolder(), "a/b.safetensors");
  const file = await createTensorFile(path, { faces: [3, 2], marks: [2] }, { names: '["ö"]' });
  await Promise.all([
    file.write("faces", 1, Uint8Array.of(3, 4, 5, 6)),
    file.write("marks", 0, Uint8Array.of(8, 9)),
    file.write("faces", 0, Uint8Array.of(1, 2)),
  ]);
  await file.commit();
  const { tensors, metadata } = await readSafetensors(path);
  expect(metadata).toEqual({ names: '["ö"]' });
  expect(tensors.faces).toEqual({ dtype: "U8", shape: [3, 2], data: Uint8Array.of(1, 2, 3, 4, 5, 6) });
  expect(tensors.marks).toEqual({ dtype: "U8", shape: [2], data: Uint8Array.of(8, 9) });
});

test("nothing stands at the path before commit, and nothing is left after discard", async () => {
  const folder = await newFolder();
  const file = await createTensorFile(join(folder, "x"), { faces: [1, 2] });
  await file.write("faces", 0, Uint8Array.of(1, 2));
  expect(await readdir(folder)).not.toContain("x");
  await file.discard();
  expect(await readdir(folder)).toEqual([]);
});

test("a file with rows missing cannot be committed", async () => {
  const folder = await newFolder();
  const file = await createTensorFile(join(folder, "x"), { faces: [2, 2] });
  await file.write("faces", 0, Uint8Array.of(1, 2));
  await expect(file.commit()).rejects.toThrow("1 of 2 rows of faces");
  await file.discard();
  expect(await readdir(folder)).toEqual([]);
});

test("rows outside a tensor, parts of rows and unknown tensors are refused", async () => {
  const file = await createTensorFile(join(await newFolder(), "x"), { faces: [2, 2] });
  await expect(file.write("faces", 2, Uint8Array.of(1, 2))).rejects.toThrow("at row 2 of faces");
  await expect(file.write("faces", 0, Uint8Array.of(1, 2, 3))).rejects.toThrow("3 bytes at row 0");
  await expect(file.write("eyes", 0, Uint8Array.of(1))).rejects.toThrow("no tensor eyes");
  await file.discard();
});
