/** A net of unknown origin runs in a process of its own first: it may ask for all memory, or never end. */
import { readFile } from "node:fs/promises";
import { DataError } from "../../base/errors/index.ts";
import { startProcess } from "../../base/threads/index.ts";
import type { ImportedNet, Trial } from "../net/index.ts";

/** What is tried. */
export interface ForeignNet {
  readonly onnx: Uint8Array;
  readonly about: ImportedNet;
  /** The output that is compared (default: the last one). */
  readonly output?: string;
}

/** How it went: the output, how many numbers it has, how well it tells drawn faces apart. */
export interface Tried {
  readonly feature: string;
  readonly length: number;
  readonly trial: Trial;
}

/** What the process answers. */
export type TrialAnswer = { readonly tried: Tried } | { readonly wrong: string; readonly isData: boolean };

/** `bytes` beside `bytesPerByte` of the file: what is loaded takes several times its room, activations do not. */
export interface ForeignLimits {
  /** Of computing, on all cores together. */
  readonly cpuSeconds: number;
  /** By the clock, where the machine is busy with other things. */
  readonly seconds: number;
  readonly bytes: number;
  readonly bytesPerByte: number;
}
export const FOREIGN_LIMITS: ForeignLimits = {
  cpuSeconds: 18,
  seconds: 60,
  bytes: 0.75 * 2 ** 30,
  bytesPerByte: 6,
};

/** Memory is looked at so often, in ms. */
const LOOK_EVERY = 50;

/**
 * Loads the net and runs it on drawn faces, within `limits` of time and of memory (looked at on Linux). DataError where it is no
 * embedder of faces, needs more than the limits, or crashes the runtime.
 */
export async function tryForeign(net: ForeignNet, limits: ForeignLimits = FOREIGN_LIMITS): Promise<Tried> {
  const child = startProcess(import.meta.url, "foreignTrialProcess");
  const { name } = net.about;
  let why = "";
  const stop = (reason: string) => {
    why = reason;
    child.kill("SIGKILL");
  };
  const late = setTimeout(() => stop(`ran for more than ${limits.seconds} s`), 1000 * limits.seconds);
  const most = limits.bytes + limits.bytesPerByte * net.onnx.length;
  const looking = setInterval(async () => {
    const used = await usedBy(child.pid);
    if (used.bytes > most) stop(`took more than ${(most / 2 ** 30).toFixed(2)} GiB of memory`);
    if (used.cpuSeconds > limits.cpuSeconds) stop(`computed for more than ${limits.cpuSeconds} s`);
  }, LOOK_EVERY);
  try {
    const answer = await new Promise<TrialAnswer>((resolve, reject) => {
      child.once("message", (message) => resolve(message as TrialAnswer));
      child.once("error", reject);
      child.once("exit", (code, signal) =>
        reject(
          new DataError(`${name}: its trial run ${why || `ended the runtime (${signal ?? `code ${code}`})`}`),
        ),
      );
      child.send(net);
    });
    if ("tried" in answer) return answer.tried;
    throw answer.isData ? new DataError(answer.wrong) : new Error(answer.wrong);
  } finally {
    clearTimeout(late);
    clearInterval(looking);
    child.kill("SIGKILL");
  }
}

/** Clock ticks of a second in /proc: the same on all of Linux. */
const TICKS = 100;

/** Memory that a process holds, and for how long it has computed; 0 where the system does not say. */
async function usedBy(pid: number | undefined): Promise<{ bytes: number; cpuSeconds: number }> {
  const [status, stat] = await Promise.all(
    ["status", "stat"].map((file) => readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "")),
  );
  const times = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // from the third field on
  return {
    bytes: 1024 * Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0),
    cpuSeconds: (Number(times[11] ?? 0) + Number(times[12] ?? 0)) / TICKS,
  };
}
