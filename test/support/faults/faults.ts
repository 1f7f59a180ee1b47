/** Failing writes, for tests: a small library between this process and the kernel, where a C compiler can make it. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import koffi from "koffi";

const HERE = fileURLToPath(new URL(".", import.meta.url));

/** What can happen to a write: the disk is full, it fails, or the process is killed in the middle of it. */
export const FAULTS = { full: 1, broken: 2, kill: 3 } as const;
export type Fault = keyof typeof FAULTS;

/** Compiles the library into `folder`; undefined where that cannot be done. */
export function buildFaults(folder: string): string | undefined {
  if (process.platform !== "linux") return undefined;
  const library = join(folder, "faults.so");
  const args = ["-shared", "-fPIC", "-O1", "-o", library, join(HERE, "faults.c"), "-ldl"];
  return spawnSync("cc", args).status === 0 ? library : undefined;
}

/** What a process that was started with the library in LD_PRELOAD makes fail. */
export function openFaults(library: string) {
  const loaded = koffi.load(library);
  const arm = loaded.func("void fault_arm(int nth, int kind, const char *folder)");
  const fired = loaded.func("int fault_fired()");
  return {
    /** Has the `nth` write, sync, truncation or renaming below `folder` fail. */
    arm: (nth: number, fault: Fault, folder: string): void => arm(nth, FAULTS[fault], folder),
    disarm: (): void => arm(0, 0, ""),
    /** Whether it has. */
    fired: (): boolean => fired() === 1,
  };
}
