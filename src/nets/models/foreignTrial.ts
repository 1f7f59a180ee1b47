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

export const FOREIGN_LIMITS = { seconds: 60, bytes: 4 * 2 ** 30 } as const;

/** Memory is looked at so often, in ms. */
const LOOK_EVERY = 50;

/**
 * Loads the net and runs it on drawn faces, within `limits` of time and of memory (looked at on Linux). DataError where it is no
 * embedder of faces, needs more than the limits, or crashes the runtime.
 */
export async function tryForeign(
  net: ForeignNet,
  limits: { readonly seconds: number; readonly bytes: number } = FOREIGN_LIMITS,
): Promise<Tried> {
  const child = startProcess(import.meta.url, "foreignTrialProcess");
  const { name } = net.about;
  let why = "";
  const stop = (reason: string) => {
    why = reason;
    child.kill("SIGKILL");
  };
  const late = setTimeout(() => stop(`ran for more than ${limits.seconds} s`), 1000 * limits.seconds);
  const looking = setInterval(async () => {
    const used = await residentBytes(child.pid);
    if (used > limits.bytes) stop(`took more than ${(limits.bytes / 2 ** 30).toFixed(1)} GiB of memory`);
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

/** Memory that a process holds, in bytes; 0 where the system does not say. */
async function residentBytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return 1024 * Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
}
