/** A gallery that may be read and not written: its file, its folder, or both. */
import { chmod, copyFile, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { InputError } from "../../../base/errors/index.ts";
import { createRng } from "../../../base/random/index.ts";
import { exportLines, type GalleryStore, openStore } from "../index.ts";

const SETTINGS = { model: "m", codeBytes: 8, dimension: 0, keyCheck: "" };
const NOBODY = 65534;
const rng = createRng(4);
const code = Uint8Array.from({ length: 8 }, () => rng.integer(256));

async function made(): Promise<{ folder: string; path: string; store: GalleryStore }> {
  const folder = await mkdtemp(join(tmpdir(), "read-only-"));
  const path = join(folder, "g.sqlite");
  const store = await openStore(path, SETTINGS);
  await store.add([{ person: "Ann", code, fields: { year: 2024 } }]);
  await store.nearest(code, 1); // loads what searches need while everything may be read
  return { folder, path, store };
}

async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  process.seteuid!(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid!(0);
  }
}

/** What everybody may who only looks. */
async function look(path: string): Promise<void> {
  const store = await openStore(path);
  try {
    expect(await store.people()).toEqual([{ id: 1, name: "Ann", faces: 1 }]);
    expect(await store.nearest(code, 5, [{ field: "year", from: 2000 }])).toHaveLength(1);
    expect((await store.check()).damage).toEqual([]);
    const lines = [];
    for await (const line of exportLines(store)) lines.push(line);
    expect(lines).toHaveLength(2);
    await expect(store.add([{ person: "Bob", code }])).rejects.toThrow(`${path}: it cannot be written`);
    await expect(store.removePerson("Ann")).rejects.toThrow(InputError);
  } finally {
    await store.close();
  }
}

// Root may write anywhere, so that only root can try what somebody else may not; no thread can change its user.
const canTry = process.getuid?.() === 0 && process.seteuid !== undefined;
describe.skipIf(!canTry)("a gallery that cannot be written is read", () => {
  test.each([
    ["file and folder", 0o444, 0o555],
    ["the folder alone", 0o666, 0o555],
    ["the file alone", 0o444, 0o777],
  ])("%s", async (_, file, directory) => {
    const { folder, path, store } = await made();
    await store.close();
    await chmod(path, file);
    await chmod(folder, directory);
    await asNobody(() => look(path));
  });

  test("while another process has it open, if what lies beside it may be read", async () => {
    const { folder, path, store } = await made();
    for (const part of [path, `${path}-wal`, `${path}-shm`]) await chmod(part, 0o444);
    await chmod(folder, 0o555);
    await asNobody(() => look(path));
    await store.close();
  });

  test("or says what it needs", async () => {
    const { folder, path, store } = await made();
    const other = await mkdtemp(join(tmpdir(), "read-only-")); // as if its process had been killed: no index of the log
    const copy = join(other, "g.sqlite");
    for (const part of ["", "-wal"]) await copyFile(`${path}${part}`, `${copy}${part}`);
    for (const part of ["", "-wal"]) await chmod(`${copy}${part}`, 0o444);
    await chmod(other, 0o555);
    await expect(asNobody(() => openStore(copy))).rejects.toThrow(
      `to read them this program has to write in ${other}`,
    );
    await chmod(folder, 0o755);
    await store.close();
  });
});
