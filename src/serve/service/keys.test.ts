import { mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allows, createKey, findKey, readKeys, revokeKey, watchKeys } from "./keys.ts";

const NOW = new Date("2026-05-01T12:00:00Z");
let folder: string;
let file: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "keys-"));
});
afterAll(() => rm(folder, { recursive: true }));
const fresh = () => {
  file = join(folder, `${count++}.json`);
  return file;
};

test("a key is found by its token and by no other, and only its hash is kept, for the owner's eyes", async () => {
  const { key, token } = await createKey(fresh(), { name: "shop", scope: "write" }, NOW);
  const { token: other } = await createKey(file, { name: "till", scope: "read" }, NOW);
  const keys = await readKeys(file);
  expect(findKey(keys, token, NOW)).toEqual(key);
  expect(findKey(keys, other, NOW)?.name).toBe("till");
  const swapped = `dk_${key.id}_${other.split("_").slice(2).join("_")}`;
  for (const wrong of [
    "",
    "dk_",
    swapped,
    `${token}x`,
    token.slice(0, -1),
    ` ${token}`,
    `dk_${"0".repeat(12)}_${"A".repeat(43)}`,
  ]) {
    expect(findKey(keys, wrong, NOW), wrong).toBeUndefined();
  }
  const text = await readFile(file, "utf8");
  expect(text).not.toContain(token.slice(16));
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test("a key ends when it expires, and at once when it is revoked", async () => {
  const until = new Date("2026-06-01T00:00:00Z");
  const { token } = await createKey(fresh(), { name: "a", scope: "read", expires: until }, NOW);
  const now = watchKeys(file);
  expect(findKey((await now()).keys, token, new Date(until.getTime() - 1))).toBeDefined();
  expect(findKey((await now()).keys, token, until)).toBeUndefined();
  const { key, token: second } = await createKey(file, { name: "b", scope: "read" }, NOW);
  expect(findKey((await now()).keys, second, NOW)).toBeDefined();
  await revokeKey(file, key.id, NOW);
  expect(findKey((await now()).keys, second, NOW)).toBeUndefined();
  await expect(revokeKey(file, "nobody", NOW)).rejects.toThrow(/no key nobody/);
});

test("keys that vanish let nobody in: the file is moved away, emptied, or cannot be read", async () => {
  const lost = {
    moved: (path: string) => rename(path, `${path}.away`),
    emptied: (path: string) => writeFile(path, '{ "format": "deepid2plus-keys", "keys": [] }'),
  };
  for (const lose of Object.values(lost)) {
    await createKey(fresh(), { name: "a", scope: "read" }, NOW);
    const now = watchKeys(file);
    expect(await now()).toMatchObject({ keys: [{ name: "a" }], needed: true });
    await lose(file);
    expect(await now()).toEqual({ keys: [], needed: true });
  }
  await writeFile(file, "{");
  const now = watchKeys(file);
  await expect(now()).rejects.toThrow("cannot be read");
  await rm(file);
  expect(await now()).toEqual({ keys: [], needed: true });
  expect(await watchKeys(fresh())()).toEqual({ keys: [], needed: false });
  expect(await watchKeys(fresh(), { needed: true })()).toEqual({ keys: [], needed: true });
});

test("keys made and revoked at once are all there, and what was revoked stays so", async () => {
  const { key, first } = await createKey(fresh(), { name: "old", scope: "read" }, NOW);
  expect(first).toBe(true);
  const made = Array.from({ length: 6 }, (_, i) => createKey(file, { name: `new ${i}`, scope: "read" }, NOW));
  const [, ...created] = await Promise.all([revokeKey(file, key.id, NOW), ...made]);
  expect(created.map((one) => "first" in one && one.first)).toEqual(Array(6).fill(false));
  const kept = await readKeys(file);
  expect(kept).toHaveLength(7);
  expect(kept.find(({ id }) => id === key.id)?.revoked).toBe(NOW.toISOString());
});

test("each scope includes those before it", () => {
  expect(allows("admin", "read") && allows("write", "read") && allows("write", "write")).toBe(true);
  expect(allows("read", "write") || allows("write", "admin")).toBe(false);
});
