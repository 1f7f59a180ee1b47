/** Options that name what is no file, or a number that is none: a line that says what is needed, and no bug. */
import { execFileSync } from "node:child_process";
import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { deepid } from "./support/cli.ts";
import { newFolder } from "./support/miniature.ts";

test("a port that is none is refused before anything is opened", async () => {
  const { code, err } = await deepid("serve", "--port", "99999");
  expect(code).toBe(2);
  expect(err).toContain("A whole number from 0 to 65535 is needed");
});

test("a file of keys that is a pipe, or far too large, is not read", async () => {
  const folder = await newFolder();
  const [pipe, large] = ["pipe", "large"].map((name) => join(folder, name));
  execFileSync("mkfifo", [pipe]);
  await writeFile(large, "");
  await truncate(large, 1.9e9);
  expect((await deepid("key", "list", "--keys", pipe)).err).toContain("needed a file, got a pipe");
  expect((await deepid("key", "list", "--keys", large)).err).toContain(
    "1900000000 bytes, more than the 4194304",
  );
});

test("a gallery that is a pipe or a device is said to be no file", async () => {
  const pipe = join(await newFolder(), "pipe");
  execFileSync("mkfifo", [pipe]);
  for (const place of [pipe, "/dev/zero"]) {
    const { code, err } = await deepid("gallery", "list", "--store", place);
    expect(code).toBe(2);
    expect(err).toContain(`${place}: a gallery is a file, and this is a folder, a pipe or a device`);
  }
});
