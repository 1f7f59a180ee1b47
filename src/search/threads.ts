/** The threads that scan. */
import { once } from "node:events";
import type { Worker } from "node:worker_threads";
import { startThread } from "../threads/index.ts";
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
    const worker = startThread(import.meta.url, "worker", { memory, layout, thread } satisfies ThreadData);
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
