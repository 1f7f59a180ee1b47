/** A worker: a recognizer of its own, asked by messages. The gallery is in a thread of its own. */
import { AsyncLocalStorage } from "node:async_hooks";
import { parentPort, workerData } from "node:worker_threads";
import { openDefaultLocator, openYunetLocator } from "../../faces/detectors/index.ts";
import type { FaceLocator } from "../../faces/locate/index.ts";
import { openRecognizer } from "../../people/recognizer/index.ts";
import { failureOf } from "./failure.ts";
import { galleryOver } from "./galleryHost.ts";
import type { Job } from "./pool.ts";
import { Problem } from "./problem.ts";
import { ANSWERS, type Question } from "./questions.ts";
import type { WorkerConfig } from "./workerConfig.ts";

const port = parentPort!;
const { model, locator, threads, limits, gallery } = workerData as WorkerConfig;

const openLocator = (): Promise<FaceLocator> | FaceLocator | null => {
  if (locator === null) return null;
  return locator === "default" ? openDefaultLocator({ threads }) : openYunetLocator(locator.yunet);
};

/** The job that runs. */
const running = new AsyncLocalStorage<number>();
/** Jobs that wait for the gallery; with more of them something is wrong with it. */
let asking = 0;
const MOST_ASKING = 64;

/** Says that the job waits for the gallery: this thread has time for another. */
async function waiting<T>(ask: () => Promise<T>): Promise<T> {
  if (asking >= MOST_ASKING)
    throw new Problem("unavailable", "The gallery does not answer.", { retryAfterSeconds: 5 });
  asking++;
  port.postMessage({ id: running.getStore(), waits: true });
  try {
    return await ask();
  } finally {
    asking--;
  }
}

try {
  const recognizer = await openRecognizer({
    model,
    threads,
    limits,
    locator: await openLocator(),
    gallery: async () => ({ ...galleryOver(gallery, waiting), close: async () => gallery.close() }),
  });
  port.on("message", async ({ id, question, input }: Job) => {
    try {
      const answer = ANSWERS[question as Question]; // only questions.ts names questions: see `Ask`
      const value = await running.run(id, async () => answer(recognizer, input as never));
      port.postMessage({ id, value });
    } catch (error) {
      port.postMessage({ id, error: failureOf(error) });
    }
  });
  port.postMessage({ ready: true });
} catch (error) {
  port.postMessage({ failed: failureOf(error) });
}
