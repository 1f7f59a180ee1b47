import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
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
  expect(findKey(await now(), token, new Date(until.getTime() - 1))).toBeDefined();
  expect(findKey(await now(), token, until)).toBeUndefined();
  const { key, token: second } = await createKey(file, { name: "b", scope: "read" }, NOW);
  expect(findKey(await now(), second, NOW)).toBeDefined();
  await revokeKey(file, key.id, NOW);
  expect(findKey(await now(), second, NOW)).toBeUndefined();
  await expect(revokeKey(file, "nobody", NOW)).rejects.toThrow(/no key nobody/);
});

test("each scope includes those before it", () => {
  expect(allows("admin", "read") && allows("write", "read") && allows("write", "write")).toBe(true);
  expect(allows("read", "write") || allows("write", "admin")).toBe(false);
});
