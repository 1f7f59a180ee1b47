/**
 * Workers and the bounded queue before them: pictures are decoded and run through nets away from the thread that
 * answers requests, and a picture that breaks a worker costs that one answer.
 */
import type { Worker } from "node:worker_threads";
import { revive, type WorkerFailure } from "./failure.ts";
import { Problem } from "./problem.ts";

/** What a worker is sent, and what it answers. */
export interface Job {
  readonly id: number;
  /** What is asked, and of what: see questions.ts. */
  readonly question: string;
  readonly input: unknown;
}
export type JobAnswer =
  | { readonly ready: true }
  | { readonly failed: WorkerFailure }
  | { readonly id: number; readonly value: unknown }
  | {
      readonly id: number;
      readonly error: WorkerFailure;
    };

export interface PoolOptions {
  readonly workers: number;
  /** Jobs that wait, at most. */
  readonly queue: number;
  /** For one job; the worker of one that takes longer is replaced. */
  readonly jobMs: number;
  readonly start: () => Worker;
  readonly now: () => number;
  /** After each job: how long it has waited and run, in milliseconds. */
  readonly onDone?: (question: string, waitedMs: number, ranMs: number) => void;
}

interface Waiting {
  readonly job: Job;
  readonly signal: AbortSignal | undefined;
  readonly since: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Seat {
  /** Undefined while another one starts in the place of one that was lost. */
  worker: Worker | undefined;
  current?: Waiting & { readonly started: number; readonly timer: NodeJS.Timeout };
}

/** Starts the workers; resolves when all have said that they are ready, and throws what kept one from it. */
export async function startPool(options: PoolOptions): Promise<Pool> {
  const starting = Array.from({ length: options.workers }, () => whenReady(options.start()));
  const started = await Promise.allSettled(starting);
  const workers = started.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failed = started.find((result) => result.status === "rejected");
  if (!failed) return new Pool(options, workers);
  await Promise.all(workers.map((worker) => worker.terminate()));
  throw failed.reason;
}

export class Pool {
  readonly #options: PoolOptions;
  readonly #line: Waiting[] = [];
  readonly #seats: readonly Seat[];
  /** Workers that are not ready yet. */
  readonly #starting = new Set<Worker>();
  #last = 0;
  #closing = false;
  #closed = false;
  #whenIdle: (() => void) | undefined;
  /** Milliseconds of a job, lately: what Retry-After is reckoned by. */
  #average = 200;

  constructor(options: PoolOptions, workers: readonly Worker[]) {
    this.#options = options;
    this.#seats = workers.map((worker) => ({ worker }));
    for (const seat of this.#seats) this.#listen(seat, seat.worker!);
  }

  /** Jobs that wait. */
  get waiting(): number {
    return this.#line.length;
  }

  /** Has a worker answer `question`; refused with "too-many-requests" where as many wait as may. */
  run(question: string, input: unknown, signal?: AbortSignal): Promise<unknown> {
    if (this.#closing) {
      const problem = new Problem("unavailable", "The service is stopping.", { retryAfterSeconds: 5 });
      return Promise.reject(problem);
    }
    const { length } = this.#line;
    if (length >= this.#options.queue) {
      const retryAfterSeconds = Math.max(1, (length * this.#average) / this.#seats.length / 1000);
      const detail = `${length} pictures wait already; that is as many as may.`;
      return Promise.reject(new Problem("too-many-requests", detail, { retryAfterSeconds }));
    }
    return new Promise((resolve, reject) => {
      const job = { id: ++this.#last, question, input };
      this.#line.push({ job, signal, since: this.#options.now(), resolve, reject });
      this.#next();
    });
  }

  /** Takes no new jobs, finishes those it has, and ends the workers. */
  async close(): Promise<void> {
    this.#closing = true;
    await new Promise<void>((resolve) => {
      this.#whenIdle = resolve;
      this.#next();
    });
    this.#closed = true;
    const workers = [...this.#seats.map(({ worker }) => worker), ...this.#starting];
    await Promise.all(workers.map((worker) => worker?.terminate()));
  }

  /** Gives jobs to the workers that have none. */
  #next(): void {
    for (const seat of this.#seats) {
      if (seat.current || !seat.worker) continue;
      const waiting = this.#nextWanted();
      if (!waiting) break;
      const late = () => this.#replace(seat, new Problem("unavailable", "The picture took too long."));
      const timer = setTimeout(late, this.#options.jobMs);
      seat.current = { ...waiting, started: this.#options.now(), timer };
      seat.worker.postMessage(waiting.job);
    }
    if (this.#line.length === 0 && this.#seats.every(({ current }) => !current)) this.#whenIdle?.();
  }

  /** The first job that waits and whose client has not gone. */
  #nextWanted(): Waiting | undefined {
    for (;;) {
      const waiting = this.#line.shift();
      if (!waiting?.signal?.aborted) return waiting;
      waiting.reject(new Problem("unavailable", "The client has gone."));
    }
  }

  #listen(seat: Seat, worker: Worker): void {
    const lost = () => {
      const ours = seat.worker === worker && !(this.#closing && !seat.current);
      if (ours) this.#replace(seat, new Problem("unavailable", "The worker was lost; try another picture."));
    };
    worker.on("message", (answer: JobAnswer) => {
      if (seat.worker !== worker) return;
      if (!("id" in answer)) return;
      const done = this.#finish(seat);
      if ("value" in answer) done?.resolve(answer.value);
      else done?.reject(revive(answer.error));
      this.#next();
    });
    worker.on("error", lost);
    worker.on("exit", lost);
  }

  /** Takes the job from its worker, whichever way it has ended. */
  #finish(seat: Seat): Waiting | undefined {
    const { current } = seat;
    if (!current) return undefined;
    clearTimeout(current.timer);
    seat.current = undefined;
    const ran = this.#options.now() - current.started;
    this.#average += (ran - this.#average) / 8;
    this.#options.onDone?.(current.job.question, current.started - current.since, ran);
    return current;
  }

  /** Ends a worker and seats another; where it cannot start, it is tried again a little later. */
  #replace(seat: Seat, reason: Error): void {
    void seat.worker?.terminate();
    seat.worker = undefined;
    this.#finish(seat)?.reject(reason);
    const seatAnother = async (): Promise<void> => {
      if (this.#closed || (this.#closing && this.#line.length === 0)) return;
      const worker = this.#options.start();
      this.#starting.add(worker);
      try {
        await whenReady(worker);
        if (this.#closed) return;
        seat.worker = worker;
        this.#listen(seat, worker);
        this.#next();
      } catch {
        setTimeout(seatAnother, RETRY_MS).unref();
      } finally {
        this.#starting.delete(worker);
      }
    };
    void seatAnother();
    this.#next(); // while closing, this may have been the last job
  }
}

const RETRY_MS = 1_000;

function whenReady(worker: Worker): Promise<Worker> {
  return new Promise((resolve, reject) => {
    worker.once("message", (answer: JobAnswer) => {
      if ("failed" in answer) reject(revive(answer.failed));
      else resolve(worker);
    });
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`a worker ended with code ${code} before it was ready`)));
  });
}
