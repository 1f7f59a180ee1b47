/** A worker: a recognizer of its own, asked by messages. The gallery is in a thread of its own. */
import { parentPort, workerData } from "node:worker_threads";
import { openHumanLocator, openYunetLocator } from "../../faces/detectors/index.ts";
import type { FaceLocator } from "../../faces/locate/index.ts";
import { openRecognizer } from "../../people/recognizer/index.ts";
import { failureOf } from "./failure.ts";
import { galleryOver } from "./galleryHost.ts";
import type { Job } from "./pool.ts";
import { ANSWERS, type Question } from "./questions.ts";
import type { WorkerConfig } from "./workerConfig.ts";

const port = parentPort!;
const { model, locator, threads, limits, gallery } = workerData as WorkerConfig;

const openLocator = (): Promise<FaceLocator> | FaceLocator | undefined => {
  if (locator === null) return undefined;
  return locator === "human" ? openHumanLocator() : openYunetLocator(locator.yunet);
};

try {
  const recognizer = await openRecognizer({
    model,
    threads,
    limits,
    locator: await openLocator(),
    gallery: async () => ({ ...galleryOver(gallery), close: async () => gallery.close() }),
  });
  port.on("message", async ({ id, question, input }: Job) => {
    try {
      const answer = ANSWERS[question as Question]; // only questions.ts names questions: see `Ask`
      port.postMessage({ id, value: await answer(recognizer, input as never) });
    } catch (error) {
      port.postMessage({ id, error: failureOf(error) });
    }
  });
  port.postMessage({ ready: true });
} catch (error) {
  port.postMessage({ failed: failureOf(error) });
}
