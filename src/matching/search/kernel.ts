/** The compiled kernel, and what one thread does with it. */
import { KERNEL_BASE64 } from "./kernelBytes.ts";
import { blockAt, CONTROL, controlOf, type Layout, scratchAt } from "./layout.ts";
import { type Memory, WebAssembly } from "./webAssembly.ts";

export interface Kernel {
  scan64(scratch: number, query: number, codes: number, allowed: number, first: number, rows: number): void;
  scanAny(
    scratch: number,
    query: number,
    codes: number,
    allowed: number,
    first: number,
    rows: number,
    vectors: number,
  ): void;
  /** Reads bytes and nothing else. */
  read(at: number, bytes: number): number;
}

/** What all threads scan together. */
export interface Job {
  readonly rows: number;
  /** Only rows that a filter has chosen. */
  readonly chosen: boolean;
}

const bytes = () => Uint8Array.from(atob(KERNEL_BASE64), (letter) => letter.charCodeAt(0));

/** Whether this machine runs it: SIMD and shared memory are needed. */
export const kernelRuns = (): boolean => WebAssembly.validate(bytes());

export function startKernel(memory: Memory): Kernel {
  const module = new WebAssembly.Module(bytes());
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernel;
}

/** A thread takes this part of a block at a time, so that none waits long for another at the end. */
const PARTS = 4;

/** Takes parts of blocks until all are taken; threads share the counter, which lies in the first of `memories`. */
export function scanBlocks(
  kernels: readonly Kernel[],
  memories: readonly Memory[],
  layout: Layout,
  thread: number,
  { rows, chosen }: Job,
): void {
  const { header, query } = scratchAt(layout, thread);
  const { blockRows, stride } = layout;
  const partRows = blockRows / PARTS; // a multiple of 4: blocks hold a multiple of 16
  const control = controlOf(memories[0].buffer);
  for (;;) {
    const part = Atomics.add(control, CONTROL.nextPart, 1);
    const first = part * partRows;
    if (first >= rows) return;
    const at = blockAt(layout, Math.floor(part / PARTS));
    const kernel = kernels[at.memory];
    const within = (part % PARTS) * partRows;
    const codes = at.codes + within * stride;
    const allowed = (chosen ? at.chosen : at.exists) + within;
    const count = Math.min(partRows, rows - first);
    if (stride === 64) kernel.scan64(header, query, codes, allowed, first, count);
    else kernel.scanAny(header, query, codes, allowed, first, count, stride / 16);
  }
}
