/**
 * Who did what to whose data, one JSON line each: time, request, key, what was done, ids. No pictures, features,
 * codes, scores or names of people.
 */
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";

export interface AuditEntry {
  readonly request: string;
  /** Id of the API key; null where none is asked for. */
  readonly key: string | null;
  readonly action: string;
  readonly status: number;
  /** Ids of people and faces that were touched. */
  readonly people?: readonly string[];
  readonly faces?: readonly string[];
}

export interface AuditLog {
  write(entry: AuditEntry): Promise<void>;
  close(): Promise<void>;
}

/** Appends to `file`, which only its owner can read. */
export async function openAuditLog(file: string, now: () => Date): Promise<AuditLog> {
  await mkdir(dirname(file), { recursive: true });
  const handle: FileHandle = await open(file, "a", 0o600);
  let tail: Promise<unknown> = Promise.resolve(); // lines one after the other
  return {
    write(entry) {
      const line = `${JSON.stringify({ time: now().toISOString(), ...entry })}\n`;
      const written = tail.then(() => handle.appendFile(line));
      tail = written.catch(() => {});
      return written;
    },
    async close() {
      await tail;
      await handle.close();
    },
  };
}

/** An audit log that keeps nothing. */
export const NO_AUDIT: AuditLog = { write: async () => {}, close: async () => {} };
