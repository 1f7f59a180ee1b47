/** The threads that scan. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Job } from "./kernel.ts";
import type { Layout } from "./layout.ts";
import type { Memory } from "./webAssembly.ts";
import type { ThreadData } from "./worker.ts";

export interface Threads {
  /** Resolves when all blocks are scanned. */
  scan(job: Job): Promise<void>;
  close(): Promise<void>;
}

/** Starts the threads of `layout`; they do not keep the process alive. */
export function startThreads(memory: Memory, layout: Layout): Threads {
  const workers = Array.from({ length: layout.threads }, (_, thread) => {
    const worker = startWorker({ memory, layout, thread });
    worker.unref();
    return worker;
  });
  return {
    async scan(job) {
      for (const worker of workers) worker.ref();
      try {
        await Promise.all(
          workers.map((worker) => {
            const done = answer(worker);
            worker.postMessage(job);
            return done;
          }),
        );
      } finally {
        for (const worker of workers) worker.unref();
      }
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/** The next message of a worker; its failure throws. */
async function answer(worker: Worker): Promise<void> {
  const gone = new AbortController();
  const died = once(worker, "exit", { signal: gone.signal }).then(() => {
    throw new Error("search: a thread ended while it was scanning");
  });
  died.catch(() => {});
  try {
    await Promise.race([once(worker, "message", { signal: gone.signal }), died]); // once() throws on "error"
  } finally {
    gone.abort();
  }
}

/** Starts the worker beside this file: compiled as this one is, or TypeScript as this one is. */
function startWorker(data: ThreadData): Worker {
  const here = import.meta.url;
  if (!here.endsWith(".ts")) return new Worker(new URL("./worker.js", here), { workerData: data });
  const load = `import("tsx/esm/api").then(({ tsImport }) => tsImport("./worker.ts", ${JSON.stringify(here)}))`;
  return new Worker(load, { eval: true, workerData: data });
}
