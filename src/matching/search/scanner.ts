/** The fastest scanner that this machine runs. */
import { availableParallelism } from "node:os";
import { createKernelScanner } from "./kernelScanner.ts";
import type { Scanner } from "./match.ts";
import { createPlainScanner } from "./plainScan.ts";

export interface ScannerOptions {
  /** Threads that scan; default: all cores, 8 at most, as more only wait for memory. */
  readonly threads?: number;
}

export function createScanner(codeBytes: number, options: ScannerOptions = {}): Scanner {
  const { threads = Math.min(8, availableParallelism()) } = options;
  return createKernelScanner(codeBytes, threads) ?? createPlainScanner(codeBytes);
}
