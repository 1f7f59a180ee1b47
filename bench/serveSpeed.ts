/**
 * `npx tsx bench/serveSpeed.ts OLD`: verify over HTTP by `deepid serve` of this checkout beside that of another one at the
 * path OLD, both built (`npm run build:lib`), both with OLD's whole-face net. Rounds alternate, so that what else the
 * machine does meets both alike. One client alone, and eight at once.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { alignFace } from "../src/faces/face/index.ts";
import { encodePng } from "../src/faces/pictureFiles/index.ts";
import { createPopulation } from "../src/faces/synthetic/index.ts";
import { releasedModel } from "../src/lab/results/index.ts";
import { keep } from "./keep.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "15" },
    out: { type: "string", default: "results/serve-speed.json" },
  },
});
const [given] = positionals;
if (given === undefined) throw new Error("bench/serveSpeed.ts: needs the path of a checkout to compare with");
const OLD = resolve(given);
const NEW = fileURLToPath(new URL("..", import.meta.url));
const MODEL = join(OLD, "models", "whole-face");
const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
const CLIENTS = 8;
const WARM = 20;

for (const checkout of [OLD, NEW]) {
  const program = join(checkout, "dist", "cli", "deepid.js");
  if (!existsSync(program)) throw new Error(`${program} is missing: run npm run build:lib in ${checkout}`);
}

const people = createPopulation({ people: 2, picturesPerPerson: 2, seed: 1 });
const faceOf = async (identity: number, picture: number) => {
  const { image, landmarks } = people.picture(identity, picture);
  return Buffer.from(await encodePng(alignFace(image, landmarks))).toString("base64");
};
const body = JSON.stringify({ a: await faceOf(0, 0), b: await faceOf(1, 1), aligned: true });

interface Measured {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}
interface Round {
  readonly alone: Measured;
  readonly together: Measured;
}

/** Starts the service of `checkout`, asks it, and stops it. */
async function measure(checkout: string): Promise<Round> {
  const data = await mkdtemp(join(tmpdir(), "serve-speed-"));
  const args = ["serve", "--port", "0", "--data", data, "--model", MODEL, "--detector", "none", "--json"];
  const child = spawn(
    process.execPath,
    [join(checkout, "dist", "cli", "deepid.js"), ...args, "--requests-per-minute", "1000000"],
    { cwd: data, stdio: ["ignore", "pipe", "inherit"] },
  );
  const exited = once(child, "exit");
  try {
    const url = await urlOf(child.stdout);
    for (let k = 0; k < WARM; k++) await verify(url).catch(() => {}); // its nets may not be there in time for the first
    return { alone: await load(url, 1), together: await load(url, CLIENTS) };
  } finally {
    child.kill("SIGTERM");
    await exited;
    await rm(data, { recursive: true });
  }
}

async function urlOf(output: NodeJS.ReadableStream): Promise<string> {
  let said = "";
  for await (const text of output) {
    said += text;
    const url = /"url": *"([^"]+)"/.exec(said);
    if (url) return url[1];
  }
  throw new Error(`the service did not start: ${said}`);
}

async function verify(url: string): Promise<void> {
  const response = await fetch(`${url}/api/v1/verify`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`verify: ${response.status} ${text}`);
}

/** `clients` that ask again as soon as they are answered. */
async function load(url: string, clients: number): Promise<Measured> {
  const times: number[] = [];
  const end = performance.now() + 1000 * seconds;
  const client = async () => {
    while (performance.now() < end) {
      const begun = performance.now();
      await verify(url);
      times.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  const sorted = times.sort((a, b) => a - b);
  const at = (share: number) => Number(sorted[Math.floor(share * (sorted.length - 1))].toFixed(2));
  return { perSecond: Number((times.length / seconds).toFixed(2)), p50Ms: at(0.5), p99Ms: at(0.99) };
}

const measured: Record<"old" | "new", Round[]> = { old: [], new: [] };
for (let round = 0; round < rounds; round++) {
  const order = round % 2 === 0 ? (["old", "new"] as const) : (["new", "old"] as const);
  for (const which of order) {
    measured[which].push(await measure(which === "old" ? OLD : NEW));
    console.error(`round ${round + 1} of ${rounds}, ${which}: ${JSON.stringify(measured[which].at(-1))}`);
  }
}

const median = (list: readonly number[]) => [...list].sort((a, b) => a - b)[list.length >> 1];
const medians = (all: readonly Round[], how: keyof Round): Measured => ({
  perSecond: median(all.map((round) => round[how].perSecond)),
  p50Ms: median(all.map((round) => round[how].p50Ms)),
  p99Ms: median(all.map((round) => round[how].p99Ms)),
});
const summary = (["alone", "together"] as const).map((how) => {
  const [old, now] = [medians(measured.old, how), medians(measured.new, how)];
  const ratio = Number((now.perSecond / old.perSecond).toFixed(3));
  return [how, { clients: how === "alone" ? 1 : CLIENTS, old, new: now, ratio }] as const;
});
await keep(
  values.out,
  {
    kind: "speed",
    model: await releasedModel(MODEL),
    command: "npx tsx bench/serveSpeed.ts OLD",
    data: "two synthetic faces, aligned",
  },
  {
    machine: { cpu: cpus()[0].model.trim(), cores: availableParallelism(), node: process.version },
    loadAverage: Number(loadavg()[0].toFixed(2)),
    rounds,
    seconds,
    ...Object.fromEntries(summary),
    all: measured,
  },
);
