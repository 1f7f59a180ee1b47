/** What a worker is told when it starts, and how it is started. */
import { existsSync } from "node:fs";
import type { MessagePort, Worker } from "node:worker_threads";
import { InputError } from "../../base/errors/index.ts";
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

/** The choice that `text` names: "default", "none", or the file of a YuNet net. */
export function locatorChoice(text: string): LocatorChoice {
  if (text === "none") return null;
  if (text === "default") return "default";
  if (existsSync(text)) return { yunet: text };
  throw new InputError(`--detector: "default", "none" or the file of a YuNet net is needed, got ${text}`);
}
