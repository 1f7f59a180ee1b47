/** Long computations that report how far they are, let other work through, and stop when asked. */

/** What every long computation of the library takes, all of it optional. */
export interface Progress {
  /** How much of the work is done; `total` may grow. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops the work: it then rejects with the signal's reason, and leaves what it wrote resumable. */
  readonly signal?: AbortSignal;
  /** A sentence for a person who waits: what begins now, what was passed over. */
  readonly note?: (text: string) => void;
}

/** Steps between two looks at the outside world. */
const EVERY = 8;

/** To be awaited at each step of a loop. */
export function pacer({ onProgress, signal }: Progress): (done: number, total: number) => Promise<void> {
  return async (done, total) => {
    if (done % EVERY !== 0 && done !== total) return;
    await new Promise((resolve) => setTimeout(resolve)); // lets Ctrl-C through
    signal?.throwIfAborted();
    onProgress?.(done, total);
  };
}
