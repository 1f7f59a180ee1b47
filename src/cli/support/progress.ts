/** How far a long task is: a bar that is redrawn on a terminal, a line now and then in a log. */
import { SingleBar } from "cli-progress";
import { count, duration } from "../../base/text/index.ts";
import type { Io, Terminal } from "./io.ts";

export interface Progress {
  /** `detail` stands at the end of the line; the line of a `milestone` is written at once, and stays. */
  update(done: number, total: number, options?: { detail?: string; milestone?: boolean }): void;
  /** Takes the bar away. */
  stop(): void;
}

/** Progress of nothing: for --quiet, and for --json where no person looks. */
export const SILENT: Progress = { update() {}, stop() {} };

/** Milliseconds before anything is shown, and between two lines of a log. */
const PATIENCE = 2_000;
const LOG_EVERY = 10_000;

/** Shows the progress of a task named `what`, once it has taken two seconds. */
export function createProgress(io: Io, what: string): Progress {
  const started = io.now();
  let logged = Number.NEGATIVE_INFINITY;
  let first: { time: number; done: number } | undefined; // the speed counts from here: runs resume, stages begin again
  let bar: SingleBar | undefined;
  const stop = () => {
    bar?.stop();
    bar = undefined;
  };
  return {
    stop,
    update(done, total, { detail = "", milestone = false } = {}) {
      const now = io.now();
      if (!first || done <= first.done) first = { time: now, done };
      if (now - started < PATIENCE && !milestone) return;
      const speed = (done - first.done) / (now - first.time); // per millisecond
      const left = speed > 0 && done < total ? (total - done) / speed / 1000 : undefined;
      const text = describe(what, { done, total, left, detail });
      if (milestone || (!io.terminal && now - logged >= LOG_EVERY)) {
        stop();
        logged = now;
        io.err(`${text}\n`);
      } else if (bar) {
        bar.setTotal(total);
        bar.update(done, { text });
      } else if (io.terminal) bar = startBar(io.terminal, { done, total, text });
    },
  };
}

function describe(
  what: string,
  { done, total, left, detail }: { done: number; total: number; left: number | undefined; detail: string },
): string {
  const rest = left === undefined ? "" : `, ${duration(left)} left`;
  const share = Math.floor((100 * done) / Math.max(1, total));
  return `${what}: ${share} %, ${count(done)} of ${count(total)}${rest}${detail && `, ${detail}`}`;
}

const WIDTH = 20;

function startBar(
  stream: Terminal,
  { done, total, text }: { done: number; total: number; text: string },
): SingleBar {
  const bar = new SingleBar({
    stream,
    clearOnComplete: true,
    hideCursor: true,
    linewrap: false,
    fps: 5,
    format(_, { progress }, payload: { text: string }) {
      const full = Math.round(progress * WIDTH);
      const drawn = `${"█".repeat(full)}${"░".repeat(WIDTH - full)} `;
      const room = (stream.columns || 80) - 1;
      const fits = drawn.length + payload.text.length <= room;
      return `${fits ? drawn : ""}${payload.text}`.slice(0, room); // numbers matter more than the bar
    },
  });
  bar.start(total, done, { text });
  return bar;
}
