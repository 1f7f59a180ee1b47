/**
 * Kills a training run, and a service under load, many times, and looks after each death at what is left: a run must
 * end as one that was never killed, and every change that a client was told of must be in the gallery, and no other.
 *
 *   npm run build:lib && npx tsx scripts/killRuns.ts --training 200 --service 200
 *
 * It goes on where it was broken off only by beginning again: the counts of one call are those of its summary. Of 0
 * kills nothing is done: that half of the summary stays as it is in the file, with the command and date it is of.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { writeFileAtomic } from "../src/base/files/index.ts";
import { createRng } from "../src/base/random/index.ts";
import { readResult, resultText } from "../src/lab/results/index.ts";
import { KILLED, newRunFolder, remainsOf, trainTiny } from "../test/support/tinyTraining.ts";
import { killService } from "./killService.ts";

const { values } = parseArgs({
  options: {
    training: { type: "string", default: "200" },
    service: { type: "string", default: "200" },
    lanes: { type: "string", default: "3" },
    seed: { type: "string", default: "1" },
    out: { type: "string", default: "results/kills.json" },
  },
});
const rng = createRng(Number(values.seed));
const program = (name: string) => fileURLToPath(new URL(`../test/support/${name}.ts`, import.meta.url));
const start = (name: string, ...args: string[]) =>
  spawn(process.execPath, ["--import", "tsx", program(name), ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  });

/** Runs are killed after 1 to 8 steps; one that has ended is compared and begun again. */
async function killTraining(kills: number) {
  const undisturbed = await newRunFolder();
  await trainTiny(undisturbed, KILLED);
  const wanted = await remainsOf(undisturbed);
  const found = { kills: 0, runs: 0, steps: 0, different: 0 };
  while (found.kills < kills) {
    const folder = await newRunFolder();
    for (let ended = false; !ended; ) {
      const life = found.kills < kills ? 1 + rng.integer(8) : Number.POSITIVE_INFINITY;
      const child = start("trainUntilKilled", folder);
      let told = 0;
      createInterface(child.stdout).on("line", () => {
        found.steps++;
        if (++told === life) child.kill("SIGKILL");
      });
      const [code, signal] = (await once(child, "close")) as [number | null, string | null];
      if (signal === "SIGKILL") found.kills++;
      else if (code !== 0) throw new Error(`a resumed run ended with code ${code}`);
      else ended = true;
      console.error(`training: ${found.kills} of ${kills} kills`);
    }
    found.runs++;
    if (!isDeepStrictEqual(await remainsOf(folder), wanted)) found.different++;
    await rm(folder, { recursive: true });
  }
  await rm(undisturbed, { recursive: true });
  return found;
}

/** The half of the summary that is not made anew, as it is in the file. */
async function kept(half: "training" | "service") {
  const before = existsSync(values.out) ? await readResult(values.out) : {};
  if (!(half in before)) throw new Error(`${values.out}: holds no kills of ${half} to keep`);
  return (before as Record<string, unknown>)[half] as Record<string, unknown>;
}

const date = new Date().toISOString().slice(0, 10);
const made = (counts: string) => ({ command: `npx tsx scripts/killRuns.ts ${counts}`, date });
const [trainingKills, serviceKills] = [Number(values.training), Number(values.service)];
const body = {
  training:
    trainingKills === 0
      ? await kept("training")
      : { ...made(`--training ${values.training} --service 0`), ...(await killTraining(trainingKills)) },
  service:
    serviceKills === 0
      ? await kept("service")
      : {
          ...made(`--training 0 --service ${values.service}`),
          ...(await killService({
            kills: serviceKills,
            seed: Number(values.seed),
            lanes: Number(values.lanes),
          })),
        },
};
const head = {
  kind: "durability",
  model: null,
  command: "npx tsx scripts/killRuns.ts",
  data: "faces of noise, one synthetic face",
  date,
} as const;
await writeFileAtomic(values.out, resultText(head, body));
console.log(JSON.stringify(body, null, 2));
const wrong = [
  ["training", ["different"]],
  ["service", ["lost", "cameBack", "receiptsLost", "damaged"]],
] as const;
if (
  wrong.some(([half, names]) =>
    names.some((name) => Number((body[half] as Record<string, unknown>)[name]) > 0),
  )
)
  process.exitCode = 1;
