import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { programOf } from "../../../test/support/compiled.ts";
import { KILLED, newRunFolder, remainsOf, trainTiny } from "../../../test/support/tinyTraining.ts";
import { createRng } from "../../base/random/index.ts";

const [node, program] = programOf("trainUntilKilled");

/** Trains in another process; kills it after `steps` steps, wherever it then is. Returns the steps it told. */
async function trainAndKill(
  folder: string,
  steps: number,
): Promise<{ told: number[]; signal: string | null }> {
  const child = spawn(node, [program, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const told: number[] = [];
  createInterface(child.stdout).on("line", (line) => {
    if (told.push(Number(line)) === steps) child.kill("SIGKILL");
  });
  const [, signal] = (await once(child, "close")) as [number | null, string | null];
  return { told, signal };
}

/** Starts of the program take most of the time; scripts/killRuns.ts kills 200 times. */
const KILLS = 5;

test(`a run that is killed ${KILLS} times and goes on ends as one that was not, bit for bit`, {
  timeout: 180_000,
}, async () => {
  const folder = await newRunFolder();
  const rng = createRng(1);
  const lives: number[][] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    const { told, signal } = await trainAndKill(folder, 1 + rng.integer(8));
    expect(signal).toBe("SIGKILL");
    lives.push(told);
  }
  expect(Math.max(...lives.flat())).toBeLessThan(KILLED.steps); // no life was long enough to end
  const { told, signal } = await trainAndKill(folder, Number.POSITIVE_INFINITY);
  expect({ last: told.at(-1), signal }).toEqual({ last: KILLED.steps, signal: null });
  expect(told[0]).toBeGreaterThan(1); // it went on from a checkpoint

  const undisturbed = await newRunFolder();
  await trainTiny(undisturbed, KILLED);
  expect(await remainsOf(folder)).toEqual(await remainsOf(undisturbed));
  // At most the temporary files of the moments of death are left over.
  expect((await readdir(folder)).filter((file) => !file.endsWith(".tmp")).sort()).toEqual([
    "checkpoint.safetensors",
    "metrics.jsonl",
  ]);
});
