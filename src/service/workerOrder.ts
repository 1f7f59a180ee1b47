/** What a worker is told when it starts, and how it is started. */
import { Worker } from "node:worker_threads";
import type { PictureLimits } from "../recognizer/index.ts";
import type { PopulationOptions } from "../synthetic/index.ts";

/** What finds faces in photos: the detector that is installed, a YuNet file of one's own, or nothing. */
export type LocatorChoice = "human" | { readonly yunet: string } | null;

export interface WorkerOrder {
  /** Folder of the model or system. */
  readonly model: string;
  readonly locator: LocatorChoice;
  readonly threads: number;
  readonly limits: Partial<PictureLimits>;
  readonly population: PopulationOptions;
}

/** Starts the worker beside this file: compiled as this one is, or TypeScript as this one is. */
export function startWorker(order: WorkerOrder): Worker {
  const here = import.meta.url;
  if (!here.endsWith(".ts")) return new Worker(new URL("./worker.js", here), { workerData: order });
  const load = `import("tsx/esm/api").then(({ tsImport }) => tsImport("./worker.ts", ${JSON.stringify(here)}))`;
  return new Worker(load, { eval: true, workerData: order });
}
