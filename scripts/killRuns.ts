/**
 * Kills a training run, and a service under load, many times, and looks after each death at what is left: a run must
 * end as one that was never killed, and every change that a client was told of must be in the gallery, and no other.
 *
 *   npx tsx scripts/killRuns.ts --training 200 --service 200
 *
 * It goes on where it was broken off only by beginning again: the counts of one call are those of its summary.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { writeFileAtomic } from "../src/base/files/index.ts";
import { createRng } from "../src/base/random/index.ts";
import { resultText } from "../src/lab/results/index.ts";
import { openStore } from "../src/people/gallery/index.ts";
import { type Client, createClient, ServiceError } from "../src/serve/service/client.ts";
import { KILLED, newRunFolder, remainsOf, trainTiny } from "../test/support/tinyTraining.ts";

const { values } = parseArgs({
  options: {
    training: { type: "string", default: "200" },
    service: { type: "string", default: "200" },
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

/** What clients were told of one gallery, and of what they were not told whether it happened. */
interface Told {
  readonly present: Set<string>;
  readonly erased: Set<string>;
  readonly open: Set<string>;
}

/** Registers people and removes some of them again until the service dies. */
async function load(client: Client, name: string, image: string, told: Told): Promise<number> {
  let acknowledged = 0;
  for (let i = 0; ; i++) {
    const person = `${name} ${i}`;
    try {
      told.open.add(person);
      await client.register({ person, image, aligned: true });
      told.open.delete(person);
      told.present.add(person);
      acknowledged++;
      if (i % 3 !== 2) continue;
      const gone = `${name} ${i - 1}`;
      told.present.delete(gone);
      told.open.add(gone);
      await client.removePerson({ person: gone });
      told.open.delete(gone);
      told.erased.add(gone);
      acknowledged++;
    } catch (error) {
      if (error instanceof ServiceError && error.status !== 503) throw error; // it lives, and refuses
      return acknowledged; // it is dead
    }
  }
}

async function killService(kills: number) {
  const folder = await mkdtemp(join(tmpdir(), "kill-service-"));
  const gallery = join(folder, "gallery.sqlite");
  const image = (await readFile(new URL("../test/cases/unicode/face1.png", import.meta.url))).toString(
    "base64",
  );
  const told: Told = { present: new Set(), erased: new Set(), open: new Set() };
  const found = { kills: 0, acknowledged: 0, lost: 0, cameBack: 0, damaged: 0, slowestStartSeconds: 0 };
  while (found.kills < kills) {
    const began = performance.now();
    const child = start("serveUntilKilled", gallery);
    const [url] = (await once(createInterface(child.stdout), "line")) as [string];
    found.slowestStartSeconds = Math.max(found.slowestStartSeconds, (performance.now() - began) / 1000);
    const before = told.present.size;
    const clients = [0, 1, 2].map((k) => load(createClient(url), `${found.kills} ${k}`, image, told));
    for (let waited = 0; told.present.size === before && waited < 30_000; waited += 50) await wait(50); // it warms up
    await wait(rng.integer(1500));
    child.kill("SIGKILL");
    await once(child, "close");
    found.acknowledged += (await Promise.all(clients)).reduce((a, b) => a + b);
    found.kills++;
    await compare(gallery, told, found);
    console.error(`service: ${found.kills} of ${kills} kills, ${found.acknowledged} changes acknowledged`);
  }
  await rm(folder, { recursive: true });
  return found;
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Compares the gallery with what clients were told; what was open is settled from here on. */
async function compare(
  gallery: string,
  told: Told,
  found: { lost: number; cameBack: number; damaged: number },
) {
  const store = await openStore(gallery);
  try {
    found.damaged += (await store.check()).damage.length;
    const there = new Set<string>();
    for (let after = ""; ; ) {
      const page = await store.people({ after });
      if (page.length === 0) break;
      for (const { name } of page) there.add(name);
      after = page[page.length - 1].name;
    }
    for (const person of told.open) if (there.has(person)) told.present.add(person);
    told.open.clear();
    for (const person of told.present) if (!there.has(person)) found.lost++;
    for (const person of told.erased) if (there.has(person)) found.cameBack++;
  } finally {
    await store.close();
  }
}

const body = {
  training: await killTraining(Number(values.training)),
  service: await killService(Number(values.service)),
};
const command = `npx tsx scripts/killRuns.ts --training ${values.training} --service ${values.service}`;
const date = new Date().toISOString().slice(0, 10);
const head = {
  kind: "durability",
  model: null,
  command,
  data: "faces of noise, one synthetic face",
  date,
} as const;
await writeFileAtomic(values.out, resultText(head, body));
console.log(JSON.stringify(body, null, 2));
const { training, service } = body;
if (training.different + service.lost + service.cameBack + service.damaged > 0) process.exitCode = 1;
