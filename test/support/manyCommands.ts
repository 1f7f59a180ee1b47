/** A program for tests: runs the command lines that it reads as JSON, one after the other, and prints how each ended. */
import { readFileSync } from "node:fs";
import { json } from "node:stream/consumers";
import { type Io, run } from "../../src/cli/index.ts";

export interface Ended {
  readonly args: readonly string[];
  readonly code: number;
  readonly err: string;
  readonly seconds: number;
  /** The most memory that this process has had so far. */
  readonly megabytes: number;
}

/** What does not end by itself, a service that came up, is ended after so long. */
const PATIENCE_MS = 20_000;

/** Of this program alone: on Linux `maxRSS` is at first that of the process which started it, and its tests fill a gigabyte. */
function peakMegabytes(): number {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS / 1024;
  return Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))![1]) / 1024;
}

for (const args of (await json(process.stdin)) as readonly (readonly string[])[]) {
  let err = "";
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  const io: Io = {
    out() {},
    err(text) {
      err += text;
    },
    env: {},
    now: () => performance.now(),
    interrupt: patience.signal,
  };
  const from = performance.now();
  const code = await run(args, io);
  clearTimeout(timer);
  const seconds = (performance.now() - from) / 1000;
  const ended: Ended = { args, code, err, seconds, megabytes: peakMegabytes() };
  process.stdout.write(`${JSON.stringify(ended)}\n`);
}
