/**
 * Batches made by threads while the net learns from earlier ones. In turns, a GPU that learns from 2,800 faces a second (NVIDIA H200)
 * and a thread that makes variants of 3,700 would get through 1,600. On CPU the net itself has use for all cores, and
 * batches are made between its steps.
 */
import { availableParallelism } from "node:os";
import { startThread } from "../../base/threads/index.ts";
import type { Provider } from "../../math/session/index.ts";
import { createBatches, type FaceBatch } from "./batches.ts";
import type { Training } from "./config.ts";
import type { TrainingFaces } from "./trainingFaces.ts";

export interface BatchSource {
  /** The batch of a step, as `createBatches` makes it. Steps are asked for one after the other. */
  at(step: number): FaceBatch | Promise<FaceBatch>;
  release(): Promise<void>;
}

/** Most threads that make batches for a GPU: four keep up with the fastest that was seen. */
const MOST_THREADS = 4;

/** Batches for a net that learns on `provider`. */
export function openBatches(
  faces: TrainingFaces,
  training: Training,
  provider: Provider = "cpu",
): BatchSource {
  const threads = Math.min(MOST_THREADS, availableParallelism() - 1);
  return provider === "cpu" || threads < 1
    ? { at: createBatches(faces, training), release: async () => {} }
    : batchesAhead(faces, training, threads);
}

/** Batches that each thread has ready or is making. */
const AHEAD = 2;

/** Batches by `threads` threads, which share the faces' memory. */
export function batchesAhead(faces: TrainingFaces, training: Training, threads: number): BatchSource {
  createBatches(faces, training); // refuses here what it would refuse there
  const { crops, mirrored } = faces;
  const workerData = {
    faces: { ...faces, crops: shared(crops), mirrored: mirrored && shared(mirrored) },
    training,
  };
  const waiting = new Map<number, PromiseWithResolvers>();
  let failure: Error | undefined;
  const fail = (error: Error) => {
    failure = error;
    for (const { reject } of waiting.values()) reject(error);
  };
  const workers = Array.from({ length: threads }, () => {
    const worker = startThread(import.meta.url, "batchThread", workerData);
    worker.on("message", ({ step, batch }: { step: number; batch: FaceBatch }) => {
      waiting.get(step)?.resolve(batch);
    });
    return worker.on("error", fail);
  });
  const ask = (step: number) => {
    if (waiting.has(step)) return;
    const asked = promiseOf();
    asked.promise.catch(() => {}); // thrown where it is awaited
    if (failure) asked.reject(failure);
    waiting.set(step, asked);
    workers[step % threads].postMessage(step);
  };
  return {
    async at(step) {
      for (let next = step; next < step + AHEAD * threads; next++) ask(next);
      const batch = await waiting.get(step)!.promise;
      waiting.delete(step);
      return batch;
    },
    async release() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

interface PromiseWithResolvers {
  readonly promise: Promise<FaceBatch>;
  readonly resolve: (batch: FaceBatch) => void;
  readonly reject: (reason: Error) => void;
}

/** Promise.withResolvers, which Node 20 lacks. */
function promiseOf(): PromiseWithResolvers {
  let settle!: Omit<PromiseWithResolvers, "promise">;
  const promise = new Promise<FaceBatch>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
}

function shared(bytes: Uint8Array): Uint8Array {
  if (bytes.buffer instanceof SharedArrayBuffer) return bytes;
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}
