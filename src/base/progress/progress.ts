/** Long computations that report how far they are, let other work through, and stop when asked. */

/** What every long computation of the library takes, all of it optional. */
export interface Progress {
  /** How much of the work is done; `total` may grow. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops the work: it then rejects with the signal's reason, and leaves what it wrote resumable. */
  readonly signal?: AbortSignal;
  /** A sentence for a person who waits: what begins now, what was skipped. */
  readonly note?: (text: string) => void;
}

/** Told how far a stage is; `detail` is shown beside it, and a `milestone` is worth a line of its own. */
export type OnStage = (
  done: number,
  total: number,
  options?: { readonly detail?: string; readonly milestone?: boolean },
) => void;

/** What a computation of several stages takes, all of it optional. */
export interface StagedProgress extends Pick<Progress, "signal" | "note"> {
  /** Begins the stage `name`, which takes the place of the one before; what it returns is told how far the stage is. */
  readonly stage?: (name: string) => OnStage;
}

/** Begins the stage `name`, for a computation that has no stages of its own. */
export const stageOf = ({ stage, signal, note }: StagedProgress, name: string): Progress => ({
  onProgress: stage?.(name),
  signal,
  note,
});

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
