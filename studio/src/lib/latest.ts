/** Work that follows a hand: one piece at a time, and after it only the newest that was asked for meanwhile. */
export function latestOnly<T>(work: (what: T, signal: AbortSignal) => Promise<void>): {
  ask(what: T): void;
  stop(): void;
} {
  let [running, stopped] = [false, false];
  let next: { what: T } | undefined;
  const stopper = new AbortController();
  const go = async (): Promise<void> => {
    running = true;
    while (next && !stopped) {
      const { what } = next;
      next = undefined;
      await work(what, stopper.signal);
    }
    running = false;
  };
  return {
    ask(what) {
      next = { what };
      if (!running) void go();
    },
    stop() {
      stopped = true;
      stopper.abort();
    },
  };
}
