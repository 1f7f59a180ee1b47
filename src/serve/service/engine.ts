/** What answers: workers with recognizers, and the gallery, which has a thread of its own. */
import type { RecognizerAbout } from "../../people/recognizer/index.ts";
import { type GalleryHost, type GalleryListeners, hostGallery } from "./galleryHost.ts";
import type { SharedGallery } from "./guardedGallery.ts";
import type { ServiceLimits } from "./limits.ts";
import { type Pool, startPool } from "./pool.ts";
import { aboutPicture } from "./problem.ts";
import type { Ask, QuestionAnswer } from "./questions.ts";
import { type LocatorChoice, startWorker } from "./workerConfig.ts";

export interface EngineOptions {
  /** Folder of the model or system. */
  readonly model: string;
  readonly locator: LocatorChoice;
  /** Where the gallery is kept: "memory:" or a place of `openGallery`. */
  readonly gallery: string;
  /** 32 bytes; the gallery is then kept encrypted. */
  readonly galleryKey?: Uint8Array;
  /** Most memory for codes of a gallery in PostgreSQL; default: its servers are searched. */
  readonly galleryMemory?: number;
  /** Whether its servers are searched until codes are in memory, instead of waiting for that. */
  readonly atOnce?: boolean;
  readonly workers: number;
  readonly limits: ServiceLimits;
  readonly now: () => number;
  /** Told what has failed where clients are only told that something has. */
  readonly onFailure?: (error: unknown) => void;
  /** Told of each face, once, that searches leave out because it was damaged. */
  readonly onDamage?: GalleryListeners["onDamage"];
  readonly onJob?: (question: string, waitedMs: number, ranMs: number) => void;
}

export interface Engine {
  /** Folder of the model or system. */
  readonly model: string;
  /** Where the gallery is kept; it may hold a password, and is shown to nobody. */
  readonly place: string;
  readonly about: RecognizerAbout;
  readonly ask: Ask;
  readonly gallery: SharedGallery;
  readonly pool: Pick<Pool, "waiting">;
  /** Finishes what was accepted, for so long as it may, and lets go of everything. */
  close(withinMs?: number): Promise<void>;
}

/** For jobs whose clients have gone. */
const CLOSE_MS = 1_000;

export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { model, limits, gallery: place, galleryKey, galleryMemory, atOnce } = options;
  const { onFailure = () => {}, onDamage = () => {} } = options;
  const callMs = limits.galleryMs;
  const host = await hostGallery(
    { model, place, key: galleryKey, memoryBytes: galleryMemory, atOnce, callMs },
    { onFailure, onDamage },
  );
  try {
    const pool = await startWorkers(options, host);
    const ask = asking(pool);
    return {
      model,
      place,
      about: await ask("about", {}),
      ask,
      gallery: host.gallery,
      pool,
      async close(withinMs = CLOSE_MS) {
        await pool.close(withinMs); // requests had their time before
        await host.close();
      },
    };
  } catch (error) {
    await host.close();
    throw error;
  }
}

const startWorkers = (
  { model, locator, workers, limits, now, onJob }: EngineOptions,
  host: GalleryHost,
): Promise<Pool> =>
  startPool({
    workers,
    queue: limits.queue,
    jobMs: limits.jobMs,
    start: () =>
      startWorker({
        model,
        locator,
        threads: 1, // as many pictures at a time as there are workers serve more than one picture faster
        limits: { maxBytes: limits.maxBytes, maxPixels: limits.maxPixels, timeoutMs: limits.jobMs },
        gallery: host.port(),
      }),
    now,
    onDone: onJob,
  });

/** Asks the workers by messages, whose types end here. */
const asking =
  (pool: Pool): Ask =>
  (question, input, signal) =>
    pool.run(question, input, signal).catch((error) => {
      throw aboutPicture(error);
    }) as Promise<QuestionAnswer<typeof question>>;
