/** The threads that scan. */
import { startThread } from "../../base/threads/index.ts";
import type { Job } from "./kernel.ts";
import { CONTROL, controlOf, type Layout } from "./layout.ts";
import type { Memory } from "./webAssembly.ts";
import type { ThreadData } from "./worker.ts";

export interface Threads {
  /** Resolves when all blocks are scanned; one scan at a time. */
  scan(job: Job): Promise<void>;
  close(): Promise<void>;
}

/** Starts the threads of `layout`; they do not keep the process alive. */
export function startThreads(memories: readonly Memory[], layout: Layout): Threads {
  const control = controlOf(memories[0].buffer);
  const generation = control[CONTROL.generation];
  let current: { resolve(): void; reject(reason: Error): void } | undefined;
  let dead: Error | undefined;
  const fail = (error: Error) => {
    dead ??= error;
    current?.reject(dead);
  };
  const workers = Array.from({ length: layout.threads }, (_, thread) => {
    const worker = startThread(import.meta.url, "worker", {
      memories,
      layout,
      thread,
      generation,
    } satisfies ThreadData);
    worker.on("message", () => current?.resolve());
    worker.on("error", fail);
    worker.on("exit", () => fail(new Error("search: a thread ended while it was scanning")));
    worker.unref();
    return worker;
  });
  return {
    async scan({ rows, chosen }) {
      if (dead) throw dead;
      const done = new Promise<void>((resolve, reject) => {
        current = { resolve, reject };
      });
      control[CONTROL.rows] = rows;
      control[CONTROL.chosen] = Number(chosen);
      Atomics.store(control, CONTROL.working, layout.threads);
      Atomics.add(control, CONTROL.generation, 1);
      Atomics.notify(control, CONTROL.generation);
      workers[0].ref(); // the process stays while it is waited for
      try {
        await done;
      } finally {
        current = undefined;
        workers[0].unref();
      }
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
