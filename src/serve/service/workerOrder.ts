/** What a worker is told when it starts, and how it is started. */
import type { Worker } from "node:worker_threads";
import { startThread } from "../../base/threads/index.ts";
import type { PopulationOptions } from "../../faces/synthetic/index.ts";
import type { PictureLimits } from "../../people/recognizer/index.ts";

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
