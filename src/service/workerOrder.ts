/** What a worker is told when it starts, and how it is started. */
import type { Worker } from "node:worker_threads";
import type { PictureLimits } from "../recognizer/index.ts";
import type { PopulationOptions } from "../synthetic/index.ts";
import { startThread } from "../threads/index.ts";

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

export const startWorker = (order: WorkerOrder): Worker => startThread(import.meta.url, "worker", order);
