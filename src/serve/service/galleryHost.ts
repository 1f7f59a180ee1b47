/** Starts the gallery's thread, and connects others with it. */
import { MessageChannel, type MessagePort, type Worker } from "node:worker_threads";
import { startThread } from "../../base/threads/index.ts";
import type { Damage } from "../../people/gallery/index.ts";
import { type Around, callsOver } from "./calls.ts";
import { revive, type WorkerFailure } from "./failure.ts";
import { GALLERY_METHODS, type SharedGallery } from "./guardedGallery.ts";

export interface GalleryConfig {
  /** Folder of the model or system. */
  readonly model: string;
  /** See `openGallery`. */
  readonly place: string;
  readonly key?: Uint8Array;
  /** Most memory for codes of a gallery in PostgreSQL; 0 or undefined: its servers are searched. */
  readonly memoryBytes?: number;
  /** Whether its servers are searched until codes are in memory, instead of waiting for that. */
  readonly atOnce?: boolean;
  /** For one call, in milliseconds. */
  readonly callMs: number;
}

export type GalleryOrder = { readonly connect: MessagePort } | { readonly close: true };
export type GalleryReport =
  | { readonly ready: true }
  | { readonly closed: true }
  | { readonly refused: WorkerFailure }
  | { readonly failed: WorkerFailure }
  | { readonly damaged: Damage };

/** Who is told of what callers do not learn. */
export interface GalleryListeners {
  /** What has failed, where callers learn only that something has. */
  readonly onFailure: (error: unknown) => void;
  /** Each face, once, that searches leave out because it was damaged. */
  readonly onDamage: (damage: Damage) => void;
}

export interface GalleryHost {
  readonly gallery: SharedGallery;
  /** A port to the gallery for another thread, which calls it by `galleryOver`. */
  port(): MessagePort;
  /** Finishes what was begun. */
  close(): Promise<void>;
}

/** The gallery at the other end of a port; `around` is called around each call. */
export const galleryOver = (port: MessagePort, around?: Around): SharedGallery =>
  callsOver<SharedGallery, (typeof GALLERY_METHODS)[number]>(port, GALLERY_METHODS, around);

/** Longest wait for a gallery that is to close. */
const CLOSE_MS = 1_000;

/** Opens the gallery in a thread of its own. */
export async function hostGallery(config: GalleryConfig, listeners: GalleryListeners): Promise<GalleryHost> {
  const thread = startThread(import.meta.url, "galleryThread", config);
  const closed = reported(thread, listeners);
  await closed.opened;
  const port = () => {
    const { port1, port2 } = new MessageChannel();
    thread.postMessage({ connect: port1 } satisfies GalleryOrder, [port1]);
    return port2;
  };
  return {
    gallery: galleryOver(port()),
    port,
    async close() {
      thread.postMessage({ close: true } satisfies GalleryOrder);
      const timer = setTimeout(() => void thread.terminate(), CLOSE_MS);
      await closed.ended;
      clearTimeout(timer);
      await thread.terminate();
    },
  };
}

function reported(thread: Worker, { onFailure, onDamage }: GalleryListeners) {
  const ended = new Promise<void>((resolve) => {
    thread.once("exit", () => resolve());
    thread.on("message", (report: GalleryReport) => {
      if ("closed" in report) resolve();
      if ("failed" in report) onFailure(revive(report.failed));
      if ("damaged" in report) onDamage(report.damaged);
    });
  });
  const opened = new Promise<void>((resolve, reject) => {
    thread.on("message", (report: GalleryReport) => {
      if ("ready" in report) resolve();
      if ("refused" in report) reject(revive(report.refused));
    });
    thread.on("error", (error) => {
      reject(error);
      onFailure(error);
    });
    thread.once("exit", (code) => reject(new Error(`the gallery's thread ended with code ${code}`)));
  });
  return { opened, ended };
}
