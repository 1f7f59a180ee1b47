import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { programOf } from "../../../test/support/compiled.ts";
import { codeOfFace } from "../../../test/support/enrolUntilKilled.ts";
import { SUITE_SETTINGS } from "../../../test/support/storeSettings.ts";
import { createRng } from "../../base/random/index.ts";
import { openStore } from "./index.ts";

const [node, program] = programOf("enrolUntilKilled");

/** Enrols in another process, and kills it -9 once it has told of `faces` of them; all that it told, number by id. */
async function enrolAndKill(path: string, writer: string, faces: number): Promise<Map<number, number>> {
  const child = spawn(node, [program, path, writer], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const told = new Map<number, number>();
  createInterface(child.stdout).on("line", (line) => {
    const [id, number] = line.split(" ").map(Number);
    told.set(id, number);
    if (told.size >= faces) child.kill("SIGKILL");
  });
  const [, signal] = (await once(child, "close")) as [number | null, string | null];
  expect(signal).toBe("SIGKILL");
  return told;
}

/** Rounds of four lives each; their starts take most of the time. */
const ROUNDS = 3;

test(`${4 * ROUNDS} kills in the middle of enrolling lose no face that was acknowledged, and the index is the record`, {
  timeout: 300_000,
}, async () => {
  const path = join(await mkdtemp(join(tmpdir(), "gallery-")), "gallery.db");
  await (await openStore(path, SUITE_SETTINGS)).close();
  const rng = createRng(8);
  const all = new Map<number, Uint8Array>(); // code by id, of every face acknowledged so far
  for (let round = 0; round < ROUNDS; round++) {
    const lives = Array.from({ length: 4 }, async (_, k) => {
      const writer = `${round} ${k}`;
      const told = await enrolAndKill(path, writer, 1 + rng.integer(60));
      for (const [id, number] of told) all.set(id, codeOfFace(writer, number));
    });
    await Promise.all(lives); // four at a time on one file, each killed at a moment of its own

    const store = await openStore(path);
    const kept = await store.faces([...all.keys()]);
    expect(kept.map(({ id }) => id)).toEqual([...all.keys()].sort((a, b) => a - b));
    for (const { id, code, vector, fields } of kept) {
      expect(Buffer.compare(code, all.get(id)!)).toBe(0);
      expect([vector!.length, vector![0]]).toEqual([400, (fields.k as number) % 256]);
    }
    const { faces } = await store.count();
    const record = await store.facesOf((await store.people()).map((person) => person.id));
    const found = await store.nearest(record[0].code, faces + 1);
    expect(found.map(({ face }) => face).sort((a, b) => a - b)).toEqual(record.map(({ id }) => id));
    expect(found[0]).toMatchObject({ face: record[0].id, distance: 0 });
    await store.close();
  }
  expect(all.size).toBeGreaterThanOrEqual(4 * ROUNDS);
});
