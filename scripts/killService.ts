/** `deepid serve` killed under load: what it acknowledged must be there after each death, and nothing else. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRng, type Rng } from "../src/base/random/index.ts";
import { openStore } from "../src/people/gallery/index.ts";
import { type Client, createClient, ServiceError, verifyAuditLog } from "../src/serve/service/index.ts";

/** The program as it is installed: `npm run build:lib` makes it. */
const PROGRAM = fileURLToPath(new URL("../dist/cli/deepid.js", import.meta.url));
const FACE = new URL("../test/cases/unicode/face1.png", import.meta.url);
const CLIENTS = 3;

export interface ServiceKills {
  kills: number;
  acknowledged: number;
  /** People who were acknowledged and are gone, or were erased and are back; receipts that are gone. */
  lost: number;
  cameBack: number;
  receiptsLost: number;
  /** Rows that are not as they were written, and audit logs that are not whole. */
  damaged: number;
  slowestStartSeconds: number;
}

export interface KillOptions {
  readonly kills: number;
  readonly seed: number;
  /** Services, each with a gallery of its own, that live and die beside each other. */
  readonly lanes: number;
}

/** What clients were told of one gallery, and of what they were not told whether it happened. */
interface Told {
  readonly present: Set<string>;
  readonly erased: Set<string>;
  readonly open: Set<string>;
  readonly receipts: Set<number>;
}

export async function killService({ kills, seed, lanes }: KillOptions): Promise<ServiceKills> {
  const found = {
    kills: 0,
    acknowledged: 0,
    lost: 0,
    cameBack: 0,
    receiptsLost: 0,
    damaged: 0,
    slowestStartSeconds: 0,
  };
  let begun = 0;
  let stopped = false;
  process.once("SIGTERM", () => {
    stopped = true; // what has been counted until then is the summary
  });
  const isLeft = () => !stopped && begun++ < kills;
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      const folder = await mkdtemp(join(tmpdir(), "kill-service-"));
      const told: Told = { present: new Set(), erased: new Set(), open: new Set(), receipts: new Set() };
      for (let life = 0; isLeft(); life++) {
        await liveAndDie(folder, { told, found, rng: createRng(1000 * seed + 31 * lane + life), life });
        console.error(
          `service: ${found.kills} of ${kills} kills, ${found.acknowledged} changes acknowledged`,
        );
      }
      const { broken } = await verifyAuditLog(join(folder, "audit.jsonl"));
      if (broken) found.damaged++;
      await rm(folder, { recursive: true });
    }),
  );
  return found;
}

interface Life {
  readonly told: Told;
  readonly found: ServiceKills;
  readonly rng: Rng;
  readonly life: number;
}

async function liveAndDie(folder: string, { told, found, rng, life }: Life): Promise<void> {
  const image = (await readFile(FACE)).toString("base64");
  const began = performance.now();
  const { child, url } = await start(folder);
  found.slowestStartSeconds = Math.max(found.slowestStartSeconds, (performance.now() - began) / 1000);
  const before = told.present.size;
  const clients = Array.from({ length: CLIENTS }, (_, k) =>
    load(createClient(url), `${life} ${k}`, image, told),
  );
  for (let waited = 0; told.present.size === before && waited < 30_000; waited += 50) await wait(50); // it warms up
  await wait(rng.integer(1500));
  child.kill("SIGKILL");
  await once(child, "close");
  found.acknowledged += (await Promise.all(clients)).reduce((a, b) => a + b);
  found.kills++;
  await compare(join(folder, "gallery.sqlite"), told, found);
}

async function start(folder: string) {
  const args = ["serve", "--data", folder, "--port", "0", "--detector", "none", "--workers", "1", "--json"];
  const child = spawn(process.execPath, [PROGRAM, ...args, "--requests-per-minute", "1000000"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  for (;;) {
    await Promise.race([once(child.stdout, "data"), once(child, "close")]);
    if (child.exitCode !== null) throw new Error(`deepid serve ended with code ${child.exitCode}`);
    const url = /"url": *"([^"]+)"/.exec(said);
    if (url) return { child, url: url[1] };
  }
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
      const { receipt } = await client.removePerson({ person: gone });
      told.open.delete(gone);
      told.erased.add(gone);
      told.receipts.add(receipt);
      acknowledged++;
    } catch (error) {
      if (error instanceof ServiceError && error.status !== 503) throw error; // it lives, and refuses
      return acknowledged; // it is dead
    }
  }
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Compares the gallery with what clients were told; what was open is settled from here on. */
async function compare(gallery: string, told: Told, found: ServiceKills): Promise<void> {
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
    const kept = new Set((await store.receipts()).map(({ receipt }) => receipt));
    for (const receipt of told.receipts) if (!kept.has(receipt)) found.receiptsLost++;
  } finally {
    await store.close();
  }
}
