/**
 * Workers that import drawn pictures from one queue: three of them, one killed every some seconds and started again, and
 * whether every picture is there once; then one and two that nobody kills, and how much faster two are. Pictures are of
 * people who do not exist.
 *
 * Run: npx tsx bench/work.ts [--people 300 --each 10 --workers 3 --kill-seconds 10 --out results/work.json]
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { alignFace } from "../src/faces/face/index.ts";
import { encodePng } from "../src/faces/pictureFiles/index.ts";
import { createPopulation } from "../src/faces/synthetic/index.ts";
import { machine } from "../src/lab/bench/index.ts";
import { openStore } from "../src/people/gallery/index.ts";
import { addImport, workStatus } from "../src/people/work/index.ts";
import { startPostgres } from "../test/support/postgres.ts";
import { keep } from "./keep.ts";

const { values } = parseArgs({
  options: {
    people: { type: "string", default: "300" },
    each: { type: "string", default: "10" },
    workers: { type: "string", default: "3" },
    "kill-seconds": { type: "string", default: "10" },
    beside: { type: "string" },
    out: { type: "string" },
  },
});
const [people, each, workers, killSeconds] = [
  values.people,
  values.each,
  values.workers,
  values["kill-seconds"],
].map(Number);
const EXPIRE_SECONDS = 20;
const PROGRAM = fileURLToPath(new URL("../src/cli/deepid.ts", import.meta.url));
const COMMAND = [process.execPath, "--import", "tsx", PROGRAM];
const [LOOK_MS, UNKILLED] = [500, Number.POSITIVE_INFINITY];
const pictures = people * each;
const say = (text: string) => process.stderr.write(`${text}\n`);

const folder = await mkdtemp(join(tmpdir(), "deepid-work-"));
for (const { identity, index, image, landmarks } of createPopulation({
  people,
  picturesPerPerson: each,
  seed: 3,
})) {
  await mkdir(join(folder, `P${identity}`), { recursive: true });
  await writeFile(join(folder, `P${identity}`, `${index}.png`), await encodePng(alignFace(image, landmarks)));
}

/** Starts `workers`, and the next whenever one was killed; what ends them all. */
function keepWorking(url: string, workers: number) {
  const running = new Set<ChildProcess>();
  let isOver = false;
  const one = async () => {
    while (!isOver) {
      const [node, ...rest] = COMMAND;
      const child = spawn(node, [...rest, "work", "--store", url, "--threads", "1", "--quiet"], {
        stdio: ["ignore", "ignore", "inherit"],
      });
      running.add(child);
      await new Promise((resolve) => child.once("close", resolve));
      running.delete(child);
    }
  };
  const working = Array.from({ length: workers }, one);
  return {
    running,
    async end() {
      isOver = true;
      for (const child of running) child.kill("SIGKILL");
      await Promise.all(working);
    },
  };
}

/** Imports all pictures into a gallery of its own, and looks whether each is there once. */
async function imported(workers: number, killSeconds: number) {
  say(
    `${workers} workers, ${Number.isFinite(killSeconds) ? `one killed every ${killSeconds} s` : "none killed"}`,
  );
  const server = await startPostgres({ fsync: "on" });
  const url = server.url();
  try {
    await addImport(url, folder, { aligned: true, expireSeconds: EXPIRE_SECONDS });
    const began = performance.now();
    const { running, end } = keepWorking(url, workers);
    let kills = 0;
    let nextKill = began + 1000 * killSeconds;
    let first: { readonly at: number; readonly added: number } | undefined;
    for (;;) {
      await sleep(LOOK_MS);
      const { jobs, pictures: now } = await workStatus(url);
      if (now.added > 0) first ??= { at: performance.now(), added: now.added };
      if (jobs.waiting + jobs.active === 0) break;
      if (performance.now() < nextKill) continue;
      nextKill += 1000 * killSeconds;
      const victim = [...running][kills % running.size];
      if (victim?.kill("SIGKILL")) kills++;
    }
    const ended = performance.now();
    const { jobs, failures } = await workStatus(url);
    await end();
    const gallery = await openStore(url);
    const { faces } = await gallery.count();
    const all = await gallery.facesOf((await gallery.people()).map(({ id }) => id));
    await gallery.close();
    const names = new Set(all.map(({ fields }) => fields.picture));
    const refused = new Set(failures.flatMap((one) => one.pictures)).size; // too blurred, and listed
    if (faces + refused !== pictures || names.size !== faces) {
      const told = JSON.stringify({ faces, different: names.size, jobs, failures }, null, 2);
      throw new Error(`not every picture is there once: ${told}`);
    }
    return {
      workers,
      kills,
      seconds: (ended - began) / 1000,
      /** Without the time that programs take to start. */
      picturesPerSecond: first ? (pictures - first.added) / ((ended - first.at) / 1000) : 0,
      secondsToFirst: first ? (first.at - began) / 1000 : null,
      faces,
      differentPictures: names.size,
      refused,
      jobsFailed: jobs.failed,
    };
  } finally {
    await server.stop();
  }
}

try {
  const killed = await imported(workers, killSeconds);
  const one = await imported(1, UNKILLED);
  const two = await imported(2, UNKILLED);
  const result = {
    machine: machine(),
    ...(values.beside !== undefined && { beside: values.beside }),
    pictures,
    killed,
    one,
    two,
    twoOverOne: two.picturesPerSecond / one.picturesPerSecond,
  };
  console.log(JSON.stringify(result, null, 2));
  await keep(
    values.out,
    {
      kind: "speed",
      command: `npx tsx bench/work.ts --people ${people} --each ${each} --workers ${workers}`,
      data: "drawn people",
    },
    result,
  );
} finally {
  await rm(folder, { recursive: true });
}
