/** What answers: workers with recognizers, and the gallery, which lies with this thread. */

import { type FaceSystem, openSystem } from "../../nets/net/index.ts";
import { type Gallery, openGallery } from "../../people/gallery/index.ts";
import { galleryModelOf, type Recognizer, type RecognizerAbout } from "../../people/recognizer/index.ts";
import { heldGallery } from "./heldGallery.ts";
import type { ServiceLimits } from "./limits.ts";
import { STUDIO_PEOPLE } from "./people.ts";
import { type Pool, startPool } from "./pool.ts";
import { aboutPicture } from "./problem.ts";
import { REMOTE_METHODS } from "./remoteGallery.ts";
import { type LocatorChoice, startWorker } from "./workerOrder.ts";

export interface EngineOptions {
  /** Folder of the model or system. */
  readonly model: string;
  readonly locator: LocatorChoice;
  /** Where the gallery is kept: "memory:" or a place of `openGallery`. */
  readonly gallery: string;
  /** 32 bytes; the gallery is then kept encrypted. */
  readonly galleryKey?: Uint8Array;
  readonly workers: number;
  readonly limits: ServiceLimits;
  readonly now: () => number;
  /** Told what has failed where clients are only told that something has. */
  readonly onFailure?: (error: unknown) => void;
  readonly onJob?: (method: string, waitedMs: number, ranMs: number) => void;
}

/** The questions of a recognizer that workers answer. */
export type PooledRecognizer = Pick<
  Recognizer,
  "represent" | "verify" | "analyze" | "locate" | "identify" | "search" | "register"
>;

export interface Engine {
  readonly about: RecognizerAbout;
  readonly recognizer: PooledRecognizer;
  readonly gallery: Gallery;
  readonly matcher: FaceSystem["matcher"];
  readonly pool: Pick<Pool, "waiting">;
  /** The aligned faces of a synthetic person, as PNG files. */
  draw(identity: number): Promise<Uint8Array[]>;
  /** Finishes what was accepted, and lets go of everything. */
  close(): Promise<void>;
}

const METHODS = ["represent", "verify", "analyze", "locate", "identify", "search", "register"] as const;

export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { model, locator, limits, workers, galleryKey } = options;
  const { matcher, galleryModel } = await readModel(model);
  const opened = await openGallery(options.gallery, galleryModel, galleryKey ? { key: galleryKey } : {});
  await opened.store.load(); // so that the first request need not wait for it
  const gallery = heldGallery(opened, options.onFailure ?? (() => {}));
  const order = {
    model,
    locator,
    threads: 1, // as many pictures at a time as there are workers serve more than one picture faster
    limits: { maxBytes: limits.maxBytes, maxPixels: limits.maxPixels, timeoutMs: limits.jobMs },
    population: STUDIO_PEOPLE,
  };
  const pool = await startPool({
    workers,
    queue: limits.queue,
    jobMs: limits.jobMs,
    start: () => startWorker(order),
    now: options.now,
    onDone: options.onJob,
    async onCall({ method, args }) {
      if (!REMOTE_METHODS.includes(method)) throw new Error(`workers may not call ${method}`);
      return (gallery[method] as (...args: readonly unknown[]) => unknown)(...args);
    },
  }).catch(async (error) => {
    await gallery.close();
    throw error;
  });
  return {
    about: (await pool.run("about", [])) as RecognizerAbout,
    recognizer: pooledRecognizer(pool),
    gallery,
    matcher,
    pool,
    draw: (identity) => pool.run("draw", [identity]) as Promise<Uint8Array[]>,
    async close() {
      await pool.close();
      await gallery.close();
    },
  };
}

/** What the gallery and comparisons need of the model; the nets are left to the workers. */
async function readModel(folder: string) {
  const system = await openSystem(folder, { threads: 1 });
  try {
    return { matcher: system.matcher, galleryModel: galleryModelOf(system) };
  } finally {
    await system.release();
  }
}

/** Asks the workers; signals stay here, where they take jobs out of the line. */
function pooledRecognizer(pool: Pool): PooledRecognizer {
  const ask = (method: (typeof METHODS)[number]) => [
    method,
    (...args: unknown[]) => {
      const { signal, ...options } = (args.at(-1) ?? {}) as { signal?: AbortSignal };
      return pool.run(method, [...args.slice(0, -1), options], signal).catch((error) => {
        throw aboutPicture(error);
      });
    },
  ];
  return Object.fromEntries(METHODS.map(ask)) as unknown as PooledRecognizer;
}
