/** The gallery's thread: whatever waits for a disk or a server waits here. */
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { openSystem } from "../../nets/models/index.ts";
import { makeStoreFolder, openGallery, type StoredGallery } from "../../people/gallery/index.ts";
import { galleryModelOf } from "../../people/recognizer/index.ts";
import { answerCalls } from "./calls.ts";
import { failureOf } from "./failure.ts";
import type { GalleryConfig, GalleryOrder, GalleryReport } from "./galleryHost.ts";
import { GALLERY_METHODS, guardedGallery } from "./guardedGallery.ts";

const port = parentPort!;
const { model, place, key, memoryBytes, atOnce, callMs } = workerData as GalleryConfig;
const report = (said: GalleryReport) => port.postMessage(said);

async function open(): Promise<StoredGallery> {
  const system = await openSystem(model, { threads: 1 });
  const galleryModel = galleryModelOf(system);
  await system.release(); // its nets are run by the workers
  await makeStoreFolder(place);
  const gallery = await openGallery(place, galleryModel, {
    ...(key && { key }),
    ...(memoryBytes && { memory: { bytes: memoryBytes, wait: !atOnce } }),
    onDamage: (damaged) => report({ damaged }),
  });
  const loading = gallery.store.load();
  if (atOnce)
    loading.catch(() => {}); // searches ask again
  else await loading; // so that the first request need not wait for it
  return gallery;
}

function serve(gallery: StoredGallery): void {
  const guarded = guardedGallery(gallery, {
    report: (error) => report({ failed: failureOf(error) }),
    callMs,
  });
  const connect = (caller: MessagePort) => answerCalls(caller, guarded, GALLERY_METHODS);
  port.on("message", async (order: GalleryOrder) => {
    if ("connect" in order) return connect(order.connect);
    await gallery.close().catch((error) => report({ failed: failureOf(error) }));
    report({ closed: true });
    port.close();
  });
  report({ ready: true });
}

try {
  serve(await open());
} catch (error) {
  report({ refused: failureOf(error) });
}
