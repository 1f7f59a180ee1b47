import { Worker } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import { DataError } from "../../base/errors/index.ts";
import { type Pool, startPool } from "./pool.ts";

/** A worker that waits for a message of `gate` before it answers "wait", dies of "die" and refuses "refuse". */
const SCRIPT = `
const { parentPort, BroadcastChannel } = require("node:worker_threads");
const gate = new BroadcastChannel("pool-test-gate");
const held = [];
gate.onmessage = () => { for (const id of held.splice(0)) parentPort.postMessage({ id, value: "late" }); };
gate.unref();
parentPort.on("message", ({ id, question, input }) => {
  if (question === "echo") parentPort.postMessage({ id, value: input });
  if (question === "refuse") parentPort.postMessage({ id, error: { name: "DataError", message: "no picture" } });
  if (question === "die") process.exit(3);
  if (question === "wait") held.push(id);
  if (question === "ask elsewhere") { parentPort.postMessage({ id, waits: true }); held.push(id); }
});
parentPort.postMessage({ ready: true });
`;

let pool: Pool | undefined;
const gate = new BroadcastChannel("pool-test-gate");
/** Each worker that was started, in order. */
const workers: Worker[] = [];
const start = async (options: { workers?: number; queue?: number; jobMs?: number } = {}) => {
  pool = await startPool({
    workers: 1,
    queue: 2,
    jobMs: 60_000,
    now: () => performance.now(),
    start: () => {
      const worker = new Worker(SCRIPT, { eval: true });
      workers.push(worker);
      return worker;
    },
    ...options,
  });
  return pool;
};
afterEach(() => pool?.close());

test("jobs are answered, also more than there are workers, and errors keep their kind", async () => {
  const { run } = bound(await start({ workers: 2, queue: 10 }));
  const answers = await Promise.all([1, 2, 3, 4, 5].map((n) => run("echo", [n])));
  expect(answers).toEqual([[1], [2], [3], [4], [5]]);
  await expect(run("refuse", [])).rejects.toThrow(new DataError("no picture"));
});

test("a full queue refuses and says when to come again; closing finishes what was accepted", async () => {
  const { run } = bound(await start());
  const accepted = [run("wait", []), run("wait", []), run("wait", [])]; // one runs, two wait
  await expect(run("wait", [])).rejects.toMatchObject({ kind: "too-many-requests", retryAfterSeconds: 1 });
  const closed = pool!.close();
  await expect(run("echo", [])).rejects.toMatchObject({ kind: "unavailable" });
  const opener = setInterval(() => gate.postMessage("open"), 5);
  expect(await Promise.all(accepted)).toEqual(["late", "late", "late"]);
  clearInterval(opener);
  await closed;
});

test("a job that waits for something else leaves its worker to others", async () => {
  const { run } = bound(await start({ jobMs: 2_000 }));
  const elsewhere = [run("ask elsewhere", []), run("ask elsewhere", [])];
  expect(await run("echo", 1)).toBe(1);
  gate.postMessage("open");
  expect(await Promise.all(elsewhere)).toEqual(["late", "late"]);
  const lost = expect(run("ask elsewhere", [])).rejects.toThrow(/lost/);
  await expect(run("die", [])).rejects.toThrow(/lost/);
  await lost;
});

test("closing waits for what hangs no longer than it may", async () => {
  const pool = await start();
  const jobs = [pool.run("wait", []), pool.run("wait", [])].map((job) =>
    expect(job).rejects.toMatchObject({ kind: "unavailable" }),
  );
  await pool.close(50);
  await Promise.all(jobs);
});

test("a worker that dies or hangs costs its own job, and another takes its place", async () => {
  const { run } = bound(await start({ jobMs: 100 }));
  await expect(run("die", [])).rejects.toMatchObject({ kind: "unavailable" });
  expect(await run("echo", [1])).toEqual([1]);
  await expect(run("wait", [])).rejects.toThrow("took too long");
  expect(await run("echo", [2])).toEqual([2]);
});

test("a worker that cannot start keeps the pool from starting, with its reason", async () => {
  const script = `require("node:worker_threads").parentPort.postMessage({ failed: { name: "DataError", message: "no model" } })`;
  const options = { workers: 1, queue: 1, jobMs: 1_000, now: () => 0 };
  await expect(startPool({ ...options, start: () => new Worker(script, { eval: true }) })).rejects.toThrow(
    "no model",
  );
});

const bound = (of: Pool) => ({ run: of.run.bind(of) });

test("a pool that closes while a lost worker is being replaced leaves none behind", async () => {
  const closing = await start();
  await expect(closing.run("die", [])).rejects.toThrow(/lost/);
  await closing.close();
  const replacement = workers[workers.length - 1];
  expect(replacement.threadId).toBe(-1); // it has ended
});
