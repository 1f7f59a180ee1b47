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
  /** The job waits for something else than its worker, which can take another meanwhile. */
  | { readonly id: number; readonly waits: true }
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

type Running = Waiting & { readonly started: number; readonly timer?: NodeJS.Timeout };

interface Seat {
  /** Undefined while another one starts in the place of one that was lost. */
  worker: Worker | undefined;
  current?: Running;
  /** Jobs that wait for something else than this worker. */
  readonly aside: Map<number, Running>;
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
    this.#seats = workers.map((worker) => ({ worker, aside: new Map() }));
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
      const detail = `The queue is full (${length} pictures).`;
      return Promise.reject(new Problem("too-many-requests", detail, { retryAfterSeconds }));
    }
    return new Promise((resolve, reject) => {
      const job = { id: ++this.#last, question, input };
      this.#line.push({ job, signal, since: this.#options.now(), resolve, reject });
      this.#next();
    });
  }

  /** Takes no new jobs, finishes those it has, for so long as it may, and ends the workers. */
  async close(withinMs = Number.POSITIVE_INFINITY): Promise<void> {
    this.#closing = true;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      if (Number.isFinite(withinMs)) timer = setTimeout(resolve, withinMs);
      this.#whenIdle = resolve;
      this.#next();
    });
    clearTimeout(timer);
    this.#closed = true;
    this.#giveUp(new Problem("unavailable", "The service is stopping.", { retryAfterSeconds: 5 }));
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
    const idle = this.#seats.every(({ current, aside }) => !current && aside.size === 0);
    if (this.#line.length === 0 && idle) this.#whenIdle?.();
  }

  /** Rejects whatever is not answered yet. */
  #giveUp(reason: Error): void {
    for (const { reject } of this.#line.splice(0)) reject(reason);
    for (const seat of this.#seats) for (const job of this.#taken(seat)) job.reject(reason);
  }

  /** Takes all jobs from a worker. */
  #taken(seat: Seat): Running[] {
    const jobs = [...seat.aside.values()];
    seat.aside.clear();
    const current = this.#finish(seat);
    return current ? [current, ...jobs] : jobs;
  }

  /** The first job that waits and whose client has not gone. */
  #nextWanted(): Waiting | undefined {
    for (;;) {
      const waiting = this.#line.shift();
      if (!waiting?.signal?.aborted) return waiting;
      waiting.reject(new Problem("unavailable", "The client disconnected."));
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
      if ("waits" in answer) return this.#setAside(seat, answer.id);
      const done = this.#finish(seat, answer.id);
      if ("value" in answer) done?.resolve(answer.value);
      else done?.reject(revive(answer.error));
      this.#next();
    });
    worker.on("error", lost);
    worker.on("exit", lost);
  }

  /** Leaves a job that waits to its worker, and gives that another one. */
  #setAside(seat: Seat, id: number): void {
    const job = this.#finish(seat, id);
    if (job) seat.aside.set(id, job);
    this.#next();
  }

  /** Takes the job `id`, or the one it works on, from its worker, whichever way it has ended. */
  #finish(seat: Seat, id = seat.current?.job.id): Running | undefined {
    const { current } = seat;
    if (id !== undefined && seat.aside.has(id)) {
      const job = seat.aside.get(id);
      seat.aside.delete(id);
      return job;
    }
    if (!current || current.job.id !== id) return undefined;
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
    for (const job of this.#taken(seat)) job.reject(reason);
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
