// src/base/threads: starting a worker thread that lies beside the file that asks for it, compiled or not.
import { Worker } from "node:worker_threads";

/**
 * Starts the worker `name` (without extension) beside the file `beside`, an import.meta.url: JavaScript where that file is
 * compiled, TypeScript where it is not.
 */
export function startThread(beside: string, name: string, workerData?: unknown): Worker {
  const compiled = !new URL(beside).pathname.endsWith(".ts"); // in a thread of a thread a query may follow
  if (compiled) return new Worker(new URL(`./${name}.js`, beside), { workerData });
  const [file, parent] = [`./${name}.ts`, beside].map((text) => JSON.stringify(text));
  const load = `import("tsx/esm/api").then(({ tsImport }) => tsImport(${file}, ${parent}))`;
  return new Worker(load, { eval: true, workerData });
}
