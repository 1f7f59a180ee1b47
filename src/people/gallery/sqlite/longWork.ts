/** Work on a file that takes long: it lets other things through, and is given up when asked. */
import { setImmediate } from "node:timers/promises";
import Database from "libsql/promise";

/** To be awaited now and then by what works on and on: lets a Ctrl-C through. */
export async function turn(signal?: AbortSignal): Promise<void> {
  await setImmediate();
  signal?.throwIfAborted();
}

/** The rows of a query that SQLite works on in a thread of its own, over a connection of its own to `address`. */
export async function longQuery<R extends readonly unknown[]>(
  address: string,
  sql: string,
  signal?: AbortSignal,
): Promise<R[]> {
  const db = new Database(address, {});
  const interrupt = () => db.interrupt();
  signal?.addEventListener("abort", interrupt);
  try {
    const statement = await db.prepare(sql);
    signal?.throwIfAborted();
    return await statement.raw().all([]);
  } catch (error) {
    signal?.throwIfAborted(); // SQLite was interrupted
    throw error;
  } finally {
    signal?.removeEventListener("abort", interrupt);
    db.close();
  }
}
