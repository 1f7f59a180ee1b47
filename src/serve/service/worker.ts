/** A worker: a recognizer of its own, asked by messages. The gallery stays with the main thread. */
import { parentPort, workerData } from "node:worker_threads";
import { alignFace } from "../../faces/face/index.ts";
import { encodePng } from "../../faces/image/index.ts";
import { type FaceLocator, openHumanLocator, openYunetLocator } from "../../faces/locate/index.ts";
import { createPopulation } from "../../faces/synthetic/index.ts";
import { openRecognizer } from "../../people/recognizer/index.ts";
import { failureOf } from "./failure.ts";
import type { Job } from "./pool.ts";
import { remoteGallery } from "./remoteGallery.ts";
import type { WorkerOrder } from "./workerOrder.ts";

const port = parentPort!;
const { model, locator, threads, limits, population: drawn } = workerData as WorkerOrder;

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
    gallery: async () => remoteGallery(port),
  });
  const population = createPopulation(drawn);
  const methods: Record<string, (...args: never[]) => unknown> = {
    about: () => recognizer.about,
    draw: (identity: number) => draw(identity),
    ...Object.fromEntries(
      (["represent", "verify", "analyze", "locate", "identify", "search", "register"] as const).map(
        (name) => [name, recognizer[name] as (...args: never[]) => unknown],
      ),
    ),
  };
  /** The aligned faces of a synthetic person, as PNG files. */
  const draw = (identity: number) =>
    Promise.all(
      Array.from({ length: drawn.picturesPerPerson }, (_, index) => {
        const { image, landmarks } = population.picture(identity, index);
        return encodePng(alignFace(image, landmarks));
      }),
    );
  port.on("message", async (job: Job | { reply: number }) => {
    if ("reply" in job) return; // for the remote gallery
    try {
      port.postMessage({ id: job.id, value: await methods[job.method](...(job.args as never[])) });
    } catch (error) {
      port.postMessage({ id: job.id, error: failureOf(error) });
    }
  });
  port.postMessage({ ready: true });
} catch (error) {
  port.postMessage({ failed: failureOf(error) });
}
