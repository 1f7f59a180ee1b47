/** Long loops that report how far they are, let other work through, and stop when asked. */

export interface StudyProgress {
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Steps between two looks at the outside world. */
const EVERY = 8;

/** To be awaited at each step of a loop. */
export function pacer({ onProgress, signal }: StudyProgress): (done: number, total: number) => Promise<void> {
  return async (done, total) => {
    if (done % EVERY !== 0 && done !== total) return;
    await new Promise((resolve) => setTimeout(resolve)); // lets Ctrl-C through
    signal?.throwIfAborted();
    onProgress?.(done, total);
  };
}
