import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lockFile, withFileLock } from "./index.ts";

const folder = await mkdtemp(join(tmpdir(), "lock-"));

test("who reads, changes and writes under a lock loses nothing, however many do it", async () => {
  const path = join(folder, "count");
  await writeFile(path, "0");
  const add = () =>
    withFileLock(path, async () => writeFile(path, String(Number(await readFile(path, "utf8")) + 1)));
  await Promise.all(Array.from({ length: 20 }, add));
  expect(await readFile(path, "utf8")).toBe("20");
});

test("a lock is waited for, then refused, and goes with a process that is killed", async () => {
  const path = join(folder, "held");
  const holder = join(folder, "holder.mjs");
  await writeFile(
    holder,
    `import { register } from ${JSON.stringify(import.meta.resolve("tsx/esm/api"))};
     register();
     const { lockFile } = await import(${JSON.stringify(new URL("./lock.ts", import.meta.url).href)});
     await lockFile(process.argv[2]);
     process.send("held");
     setInterval(() => {}, 1_000);`,
  );
  const child = fork(holder, [path]);
  await once(child, "message");
  await expect(lockFile(path, { waitMs: 40 })).rejects.toThrow(`${path}: in use by another process`);
  child.kill("SIGKILL");
  await once(child, "exit");
  (await lockFile(path, { waitMs: 1_000 }))();
});
