/**
 * `npx tsx bench/load.ts [URL]`: 50 clients ask the service whether two faces are of one person, for a minute; first one
 * alone, for its idle time. Two ways: each asks once a second, as people do who look at answers, and each asks again as
 * soon as it is answered (PACES=once or none does one of them). Latencies, refusals, failures and the service's memory as JSON. Without an address the built
 * service is started here, as `deepid serve` starts it; one of your own needs --requests-per-minute raised, a DEEPID_KEY of
 * scope admin where it asks for keys, and takes synthetic faces like any other.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { alignFace } from "../src/faces/face/index.ts";
import { encodePng } from "../src/faces/pictureFiles/index.ts";
import { createPopulation } from "../src/faces/synthetic/index.ts";
import { createClient, ServiceError } from "../src/serve/service/index.ts";

const CLIENTS = 50;
const SECONDS = Number(process.env.SECONDS ?? 60);
const IDLE_REQUESTS = 60;
const PACE_MS = 1_000;
const paces = process.env.PACES;

const key = process.env.DEEPID_KEY;
const given = process.argv[2];
const folder = await mkdtemp(join(tmpdir(), "load-"));
const own = given === undefined ? await startOwn() : undefined;
try {
  const url = own?.url ?? given;
  const client = createClient(url, { key });
  const people = createPopulation({ people: 2, picturesPerPerson: 2, seed: 1 });
  const faceOf = async (identity: number, picture: number) => {
    const { image, landmarks } = people.picture(identity, picture);
    return Buffer.from(await encodePng(alignFace(image, landmarks))).toString("base64");
  };
  const [a, b] = [await faceOf(0, 0), await faceOf(1, 1)];
  const verify = () => client.verify({ a, b, aligned: true });
  const memory = async () => {
    const response = await fetch(`${url}/api/v1/metrics`, { headers: key ? { "x-api-key": key } : {} });
    const [, bytes = "NaN"] = /^process_resident_memory_bytes (\S+)/m.exec(await response.text()) ?? [];
    return Math.round(Number(bytes) / 2 ** 20);
  };

  for (let k = 0; k < 20; k++) await verify(); // warm
  const alone: number[] = [];
  for (let k = 0; k < IDLE_REQUESTS; k++) alone.push(await timed(verify));
  const idle = summary(alone);
  const result = {
    machine: { cpu: cpus()[0].model.trim(), cores: availableParallelism(), node: process.version },
    loadAverage: Number(loadavg()[0].toFixed(2)),
    clients: CLIENTS,
    seconds: SECONDS,
    idleMs: idle,
    ...(paces !== "none" && { onceASecond: await load(PACE_MS, verify, memory, idle.median) }),
    ...(paces !== "once" && { withoutPause: await load(0, verify, memory, idle.median) }),
  };
  console.log(JSON.stringify(result, null, 2));
  process.exitCode = (result.onceASecond?.failed ?? 0) + (result.withoutPause?.failed ?? 0) > 0 ? 1 : 0;
} finally {
  await own?.stop();
  await rm(folder, { recursive: true });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** All clients for `SECONDS`; each begins a request every `paceMs`, or as soon as the one before is answered. */
async function load(
  paceMs: number,
  ask: () => Promise<unknown>,
  memory: () => Promise<number>,
  idleMs: number,
) {
  const latencies: number[] = [];
  let [refused, failed] = [0, 0];
  const begun = performance.now();
  const end = begun + SECONDS * 1_000;
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const one = async (number: number) => {
    await pause((paceMs * number) / CLIENTS);
    while (performance.now() < end) {
      const next = performance.now() + paceMs;
      try {
        latencies.push(await timed(ask));
      } catch (error) {
        if (!(error instanceof ServiceError && error.status === 429)) failed++;
        else {
          refused++;
          await pause(1_000 * (error.retryAfterSeconds ?? 1));
        }
      }
      await pause(Math.max(0, next - performance.now()));
    }
  };
  const megabytes: number[] = [];
  const watching = (async () => {
    while (performance.now() < end) {
      await pause((SECONDS * 1_000) / 6);
      megabytes.push(await memory());
    }
  })();
  await Promise.all([...Array.from({ length: CLIENTS }, (_, k) => one(k)), watching]);
  const latencyMs = summary(latencies);
  return {
    answered: latencies.length,
    perSecond: Number((latencies.length / SECONDS).toFixed(1)),
    latencyMs,
    p99OverIdle: Number((latencyMs.p99 / idleMs).toFixed(1)),
    refused,
    failed,
    megabytes,
  };
}

function summary(values: number[]) {
  const sorted = [...values].sort((p, q) => p - q);
  const at = (share: number) =>
    Number((sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN).toFixed(1));
  return { median: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** The service as it is built, in a process of its own. */
async function startOwn() {
  const program = fileURLToPath(new URL("../dist/cli/deepid.js", import.meta.url));
  const args = ["serve", "--port", "0", "--data", folder, "--detector", "none", "--json"];
  const limits = ["--requests-per-minute", "1000000", "--queue", process.env.QUEUE ?? "64"];
  const child = spawn(process.execPath, [program, ...args, ...limits], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  let said = "";
  for await (const text of child.stdout) {
    said += text;
    if (said.trimEnd().endsWith("}")) break;
  }
  const { url } = JSON.parse(said) as { url: string };
  return {
    url,
    async stop() {
      child.kill("SIGTERM");
      await exited;
    },
  };
}
