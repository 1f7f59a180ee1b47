/** Options that name what is no file, or a number that is none: a line that says what is needed, and no bug. */
import { execFileSync } from "node:child_process";
import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Interruption } from "../src/base/errors/index.ts";
import { run } from "../src/cli/index.ts";
import { deepid, quietIo } from "./support/cli.ts";
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

test("a new key of a gallery that is a pipe or a device is not read", async () => {
  const pipe = join(await newFolder(), "pipe");
  execFileSync("mkfifo", [pipe]);
  for (const [file, what] of [
    [pipe, "a pipe"],
    ["/dev/zero", "a device"],
  ]) {
    const { code, err } = await deepid("gallery", "rekey", "--new-key", file, "--store", "none.sqlite");
    expect(code).toBe(3);
    expect(err).toContain(`${file}: needed a file, got ${what}`);
  }
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

test.each([
  [["--allow-origin", "javascript:alert(1)"], /--allow-origin: needs an origin.*got "javascript:alert\(1\)"/],
  [["--allow-origin", "https://photos.example/"], /--allow-origin: needs an origin like/],
  [["--trust-proxy", "x/33"], /--trust-proxy: needs an address.*got "x\/33"/],
  [["--trust-proxy", "10.0.0.0/33"], /--trust-proxy: needs an address/],
  [["--workers", "100000"], /--workers.*A whole number from 1 to \d+ is needed/],
])("a service with %j says what is needed", async (options, message) => {
  const { code, err } = await deepid("serve", "--port", "0", "--data", await newFolder(), ...options);
  expect(err).toMatch(message);
  expect(code).toBe(2);
});

test("threads beyond reason are refused, and a file that is no audit log is none", async () => {
  const threads = await deepid("bench", "search", "--threads", "100000");
  expect([threads.code, threads.err]).toEqual([2, expect.stringMatching(/from 1 to \d+ is needed/)]);
  const other = join(await newFolder(), "other");
  await writeFile(other, "hello\nworld\n");
  const audit = await deepid("audit", "verify", other);
  expect([audit.code, audit.err]).toEqual([3, `error: ${other}, line 1: no line of an audit log\n`]);
  expect((await deepid("audit", "verify", "/dev/zero")).err).toContain("needed a file, got a device");
});

test("a long benchmark ends when it is told to from outside, as by Ctrl-C", async () => {
  const stop = new AbortController();
  const { io, seen } = quietIo();
  let asked = 0;
  const running = run(["bench", "gallery", "--faces", "60000", "--singles", "1", "--dimension", "0"], {
    ...io,
    interrupt: stop.signal,
    now() {
      // Before the filling begins; heard only by who lets others speak.
      if (++asked === 5) setImmediate(() => stop.abort(new Interruption("enough")));
      return performance.now();
    },
  });
  expect(await running).toBe(130);
  expect(asked).toBe(5); // what is filled would be opened and timed, too
  expect(seen.out).toBe("");
});
