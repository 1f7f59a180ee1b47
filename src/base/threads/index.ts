// src/base/threads: starting a worker thread, or a process, that lies beside the file that asks for it, compiled or not.
import { type ChildProcess, fork } from "node:child_process";
import { type TransferListItem, Worker } from "node:worker_threads";

/**
 * Starts the worker `name` (without extension) beside the file `beside`, an import.meta.url: JavaScript where that file is
 * compiled, TypeScript where it is not. What `transferList` holds is moved to it.
 */
export function startThread(
  beside: string,
  name: string,
  workerData?: unknown,
  transferList: readonly TransferListItem[] = [],
): Worker {
  const compiled = !new URL(beside).pathname.endsWith(".ts"); // in a thread of a thread a query may follow
  const options = { workerData, transferList: [...transferList] };
  if (compiled) return new Worker(new URL(`./${name}.js`, beside), options);
  const compiler = import.meta.resolve("tsx/esm/api"); // the thread's own code has the working folder for a place
  const [tsx, file, parent] = [compiler, `./${name}.ts`, beside].map((text) => JSON.stringify(text));
  const load = `import(${tsx}).then(({ tsImport }) => tsImport(${file}, ${parent}))`;
  return new Worker(load, { ...options, eval: true });
}

/**
 * Starts the program `name` (without extension) beside the file `beside`, an import.meta.url, as a process of its own: what it
 * does to itself it does to nobody else. It talks by messages, which are cloned as for threads.
 */
export function startProcess(beside: string, name: string): ChildProcess {
  const compiled = !new URL(beside).pathname.endsWith(".ts");
  const program = new URL(`./${name}.${compiled ? "js" : "ts"}`, beside);
  return fork(program, { serialization: "advanced", execArgv: compiled ? [] : ["--import", "tsx"] });
}
