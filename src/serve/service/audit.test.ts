import { appendFile, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openAuditLog } from "./audit.ts";
import { verifyAuditLog } from "./auditCheck.ts";

const folder = await mkdtemp(join(tmpdir(), "audit-"));
let number = 0;
const fresh = () => join(folder, `${++number}.jsonl`);
const now = () => new Date("2026-05-01T12:00:00Z");

async function written(file: string, count: number, first = 0): Promise<void> {
  const log = await openAuditLog(file, now);
  const lines = Array.from({ length: count }, (_, i) =>
    log.write({ request: `r${first + i}`, key: null, action: "verify", status: 200 }, { durable: i === 1 }),
  );
  await Promise.all(lines);
  await log.close();
}

test("the chain goes on over restarts, and the head of an earlier check is found again", async () => {
  const file = fresh();
  await written(file, 3);
  const { head, ...first } = await verifyAuditLog(file);
  expect(first).toEqual({ file, lines: 3, unchained: 0, broken: null });
  await written(file, 2, 3);
  expect(await verifyAuditLog(file, { head: head! })).toMatchObject({ lines: 5, broken: null });
});

test("a line that is altered, left out, put in or cut off shows", async () => {
  const file = fresh();
  await written(file, 5);
  const { head } = await verifyAuditLog(file);
  const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
  const broken = async (changed: readonly string[]) => {
    await writeFile(file, `${changed.join("\n")}\n`);
    return (await verifyAuditLog(file, { head: head! })).broken?.line;
  };
  expect(await broken(lines)).toBeUndefined();
  expect(await broken(lines.with(2, lines[2].replace("verify", "remove")))).toBe(3);
  expect(await broken(lines.toSpliced(1, 1))).toBe(2);
  expect(await broken(lines.toSpliced(1, 0, lines[1]))).toBe(3);
  expect(await broken(lines.with(3, '{"time":"x"}'))).toBe(4);
  expect(await broken(lines.slice(0, 4))).toBe(4);
  expect(await broken(lines.slice(1))).toBe(1);
});

test("what a killed process left half-written is cut off; lines of an older program are counted", async () => {
  const file = fresh();
  await writeFile(file, '{"time":"2025-01-01T00:00:00Z","action":"verify"}\n');
  await written(file, 2);
  await appendFile(file, '{"time":"2026-05-');
  await written(file, 1);
  expect(await verifyAuditLog(file)).toMatchObject({ lines: 4, unchained: 1, broken: null });
});

test("two processes do not write one log at once", async () => {
  const file = fresh();
  const log = await openAuditLog(file, now);
  const second = openAuditLog(file, now);
  await log.write({ request: "a", key: null, action: "verify" });
  await log.close();
  await (await second).close();
  expect((await verifyAuditLog(file)).lines).toBe(1);
});
