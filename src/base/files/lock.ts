/** One writer at a time over processes, for files that are read, changed and written again. */
import { closeSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { InputError } from "../errors/index.ts";
import { makeFolder } from "./folder.ts";

/** How long to wait for whoever holds a lock, and between two tries. */
const [WAIT_MS, RETRY_MS] = [10_000, 20];

/**
 * Locks `path` for this process; resolves to what lets go of it. The lock is SQLite's on the empty file `path.lock`:
 * the kernel lets go of it when its process ends, however it ends. Throws an InputError when others hold it too long.
 */
export async function lockFile(path: string, { waitMs = WAIT_MS } = {}): Promise<() => void> {
  const lock = `${path}.lock`;
  await makeFolder(dirname(lock));
  makeEmpty(lock);
  const { default: Database } = await import("libsql"); // most commands lock nothing
  const db = new Database(lock, { timeout: 0 });
  for (let waited = 0; ; waited += RETRY_MS) {
    try {
      db.exec("BEGIN EXCLUSIVE");
      return () => db.close();
    } catch (error) {
      const busy = String((error as { code?: unknown }).code).startsWith("SQLITE_BUSY");
      if (busy && waited < waitMs) {
        await sleep(RETRY_MS);
        continue;
      }
      db.close();
      if (!busy)
        throw new InputError(`${path}: cannot be locked: ${(error as Error).message}`, { cause: error });
      throw new InputError(`${path}: in use by another process`, { cause: error });
    }
  }
}

/**
 * Makes the file if it is not there, and says what is wrong where it cannot be; SQLite does not. One that is there is left
 * alone: to close a descriptor of it would take this process's locks on it away.
 */
function makeEmpty(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** Runs `work` while no other process, nor anybody else in this one, works on `path` by this function. */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const release = await lockFile(path);
  try {
    return await work();
  } finally {
    release();
  }
}
