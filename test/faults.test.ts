/** Every write, sync, truncation and renaming of what changes people, keys and the audit log fails once. */
import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { programOf } from "./support/compiled.ts";
import { ACTS, type Act, type ActName, folderFor } from "./support/faults/acts.ts";
import { buildFaults } from "./support/faults/faults.ts";
import { ROOT } from "./support/service.ts";

const root = mkdtempSync(join(tmpdir(), "faults-"));
const library = buildFaults(root);
const name = library ? "when a write fails" : "when a write fails (skipped: needs Linux and a C compiler)";
afterAll(() => rm(root, { recursive: true }));

const [node, program] = programOf("faults/run");
const run = (...args: string[]) =>
  promisify(execFile)(node, [program, library!, ...args], {
    cwd: ROOT,
    env: { ...process.env, LD_PRELOAD: library },
  });

describe.skipIf(!library)(name, () => {
  test("what was acknowledged is there, what was refused is not, and receipts are true", async () => {
    const { stdout } = await run(await folderFor(root, "errors"), "errors");
    const { points, failures } = JSON.parse(stdout) as { points: Record<string, number>; failures: string[] };
    expect(failures).toEqual([]);
    expect(Object.keys(points)).toEqual(Object.keys(ACTS));
    for (const [act, count] of Object.entries(points)) expect(count, act).toBeGreaterThanOrEqual(4);
  }, 600_000); // a few hundred acts, each with its syncs

  test.each([
    ["remove", 2],
    ["remove", 6],
    ["register", 3],
    ["rekey", 4],
    ["key create", 1],
    ["audit", 1],
  ] satisfies [ActName, number][])(
    "%s, killed at write %i, is whole or not at all",
    async (actName, nth) => {
      const folder = await folderFor(root, `kill ${actName} ${nth}`);
      const ended = await run(folder, "kill", actName, String(nth)).catch((error) => error.signal);
      expect(ended).toBe("SIGKILL");
      const act: Act = ACTS[actName];
      expect(await act.wrong(folder, "killed")).toBeUndefined();
    },
    60_000,
  );
});
