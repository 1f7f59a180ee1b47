/** A thread that scans blocks of the shared memory when told to, and says when none is left. */
import { parentPort, workerData } from "node:worker_threads";
import { type Job, scanBlocks, startKernel } from "./kernel.ts";
import type { Layout } from "./layout.ts";
import type { Memory } from "./webAssembly.ts";

/** What a thread is given at its start. */
export interface ThreadData {
  readonly memory: Memory;
  readonly layout: Layout;
  readonly thread: number;
}

const { memory, layout, thread } = workerData as ThreadData;
const kernel = startKernel(memory);
parentPort?.on("message", (job: Job) => {
  scanBlocks(kernel, memory, layout, thread, job);
  parentPort?.postMessage("done");
});
