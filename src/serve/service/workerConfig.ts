/** What a worker is told when it starts, and how it is started. */
import type { MessagePort, Worker } from "node:worker_threads";
import { startThread } from "../../base/threads/index.ts";
import type { PictureLimits } from "../../people/answers/index.ts";

/** What finds faces in photos: the default detector, a YuNet file of one's own, or nothing. */
export type LocatorChoice = "default" | { readonly yunet: string } | null;

export interface WorkerConfig {
  /** Folder of the model or system. */
  readonly model: string;
  readonly locator: LocatorChoice;
  readonly threads: number;
  readonly limits: Partial<PictureLimits>;
  /** To the gallery's thread. */
  readonly gallery: MessagePort;
}

export const startWorker = (config: WorkerConfig): Worker =>
  startThread(import.meta.url, "worker", config, [config.gallery]);
