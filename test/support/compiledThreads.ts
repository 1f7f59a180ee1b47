/** In place of src/base/threads, for tests: threads and processes run what compile.ts has compiled. */
import { fileURLToPath, pathToFileURL } from "node:url";
import * as threads from "../../src/base/threads/index.ts";
import { compiledFile } from "./compiled.ts";

const compiled = (beside: string) => pathToFileURL(compiledFile(fileURLToPath(beside))).href;

export const startThread: typeof threads.startThread = (beside, ...rest) =>
  threads.startThread(compiled(beside), ...rest);

export const startProcess: typeof threads.startProcess = (beside, name) =>
  threads.startProcess(compiled(beside), name);
