/**
 * Workers that import drawn pictures from one queue, one of them killed every some seconds and started again: whether every
 * picture is there once, and how fast it goes. Pictures are of people who do not exist.
 *
 * Run: npx tsx bench/work.ts [--people 300 --each 10 --workers 3 --kill-seconds 10 --out results/work.json]
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { alignFace } from "../src/faces/face/index.ts";
import { encodePng } from "../src/faces/pictureFiles/index.ts";
import { createPopulation } from "../src/faces/synthetic/index.ts";
import { machine } from "../src/lab/bench/index.ts";
import { openStore } from "../src/people/gallery/index.ts";
import { addImport, workStatus } from "../src/people/work/index.ts";
import { COMMAND } from "../test/support/cli.ts";
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
const LOOK_MS = 500;

const folder = await mkdtemp(join(tmpdir(), "deepid-work-"));
for (const { identity, index, image, landmarks } of createPopulation({
  people,
  picturesPerPerson: each,
  seed: 3,
})) {
  await mkdir(join(folder, `P${identity}`), { recursive: true });
  await writeFile(join(folder, `P${identity}`, `${index}.png`), await encodePng(alignFace(image, landmarks)));
}
const server = await startPostgres({ fsync: "on" });
const running = new Set<ChildProcess>();
let isOver = false;

/** One worker, and the next whenever it was killed. */
async function keepWorking(): Promise<void> {
  while (!isOver) {
    const [node, ...rest] = COMMAND;
    const child = spawn(node, [...rest, "work", "--store", server.url(), "--threads", "1", "--quiet"], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    running.add(child);
    await new Promise((resolve) => child.once("close", resolve));
    running.delete(child);
  }
}

try {
  await addImport(server.url(), folder, { aligned: true, expireSeconds: EXPIRE_SECONDS });
  const began = performance.now();
  const working = Array.from({ length: workers }, keepWorking);
  let kills = 0;
  let nextKill = began + 1000 * killSeconds;
  let firstPicture: number | undefined;
  for (;;) {
    await sleep(LOOK_MS);
    const { jobs, pictures } = await workStatus(server.url());
    if (pictures.added > 0) firstPicture ??= performance.now();
    if (jobs.waiting + jobs.active === 0) break;
    if (performance.now() < nextKill) continue;
    nextKill += 1000 * killSeconds;
    const victim = [...running][kills % running.size];
    if (victim?.kill("SIGKILL")) kills++;
  }
  const seconds = (performance.now() - began) / 1000;
  const { jobs, failures } = await workStatus(server.url());
  isOver = true;
  for (const child of running) child.kill("SIGKILL");
  await Promise.all(working);
  const gallery = await openStore(server.url());
  const { faces } = await gallery.count();
  const all = await gallery.facesOf((await gallery.people()).map(({ id }) => id));
  await gallery.close();
  const names = new Set(all.map(({ fields }) => fields.picture));
  const result = {
    machine: machine(),
    ...(values.beside !== undefined && { beside: values.beside }),
    pictures: people * each,
    workers,
    kills,
    seconds,
    picturesPerSecond: (people * each) / seconds,
    secondsToFirst: firstPicture === undefined ? null : (firstPicture - began) / 1000,
    faces,
    differentPictures: names.size,
    jobsFailed: jobs.failed,
    failures: failures.length,
  };
  console.log(JSON.stringify(result, null, 2));
  if (faces !== people * each || names.size !== faces) throw new Error("not every picture is there once");
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
  await server.stop();
  await rm(folder, { recursive: true });
}
