/**
 * A thread that scans blocks of the shared memory. It sleeps on a number in that memory, which wakes it sooner than a
 * message would; the thread that finishes last sends one.
 */
import { parentPort, workerData } from "node:worker_threads";
import { scanBlocks, startKernel } from "./kernel.ts";
import { CONTROL, controlOf, type Layout } from "./layout.ts";
import type { Memory } from "./webAssembly.ts";

/** What a thread is given at its start. */
export interface ThreadData {
  readonly memories: readonly Memory[];
  readonly layout: Layout;
  readonly thread: number;
  /** The scans that are over. */
  readonly generation: number;
}

const { memories, layout, thread, generation } = workerData as ThreadData;
const kernels = memories.map(startKernel);
const control = controlOf(memories[0].buffer);
for (let over = generation; ; over = (over + 1) | 0) {
  while (Atomics.load(control, CONTROL.generation) === over) Atomics.wait(control, CONTROL.generation, over);
  const job = { rows: control[CONTROL.rows] >>> 0, chosen: control[CONTROL.chosen] === 1 };
  scanBlocks(kernels, memories, layout, thread, job);
  if (Atomics.sub(control, CONTROL.working, 1) === 1) parentPort?.postMessage("done");
}
