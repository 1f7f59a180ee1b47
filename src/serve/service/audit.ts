/**
 * Who did what to whose data, one JSON line each: time, request, key, what was done, ids. No pictures, features,
 * codes, scores, names of people or addresses of clients. Every line ends in a hash over itself and the line before
 * (`chain`), so that a line that is altered, left out or put in shows: see `verifyAuditLog`.
 */
import { type FileHandle, open } from "node:fs/promises";
import { lockFile, sha256, writingTo } from "../../base/files/index.ts";

export interface AuditEntry {
  /** Undefined where several requests are counted. */
  readonly request?: string;
  /** Id of the API key; null where none was given, or none is asked for. */
  readonly key: string | null;
  readonly action: string;
  /** How it was answered; absent in the line that says that a change is about to be made. */
  readonly status?: number;
  /** Ids of people and faces that were touched. */
  readonly people?: readonly string[];
  readonly faces?: readonly string[];
  /** Requests that this line stands for, where it is more than one. */
  readonly count?: number;
}

export interface AuditLog {
  /** Appends a line. `durable`: it is on disk when this resolves; else the operating system has it. */
  write(entry: AuditEntry, options?: { readonly durable?: boolean }): Promise<void>;
  /** Why the last line could not be written; undefined when it was. */
  readonly failure: Error | undefined;
  close(): Promise<void>;
}

/** Opens `file`, which only its owner can read; refused while another process writes it. */
export async function openAuditLog(file: string, now: () => Date): Promise<AuditLog> {
  const release = await writingTo(file, () => lockFile(file, { waitMs: LOCK_MS }));
  let handle: FileHandle | undefined;
  try {
    handle = await writingTo(file, () => open(file, "a+", 0o600));
    return new FileLog(handle, await lastLine(handle), { now, release });
  } catch (error) {
    await handle?.close();
    release();
    throw error;
  }
}

/** A service that takes the place of another waits so long for it. */
const LOCK_MS = 12_000;

interface Pending {
  readonly entry: string;
  readonly durable: boolean;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

class FileLog implements AuditLog {
  readonly #handle: FileHandle;
  readonly #now: () => Date;
  readonly #release: () => void;
  /** Bytes of whole lines, and the chain at their end. */
  #size: number;
  #chain: string;
  #pending: Pending[] = [];
  #writing: Promise<void> | undefined;
  #closed = false;
  failure: Error | undefined;

  constructor(
    handle: FileHandle,
    { size, chain }: LastLine,
    { now, release }: { now: () => Date; release: () => void },
  ) {
    this.#handle = handle;
    this.#now = now;
    this.#release = release;
    this.#size = size;
    this.#chain = chain;
  }

  write(entry: AuditEntry, { durable = false } = {}): Promise<void> {
    const text = JSON.stringify({ time: this.#now().toISOString(), ...entry });
    return new Promise((resolve, reject) => {
      this.#pending.push({ entry: text, durable, resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  /** Lines that came meanwhile go to the disk together. */
  async #writeAll(): Promise<void> {
    while (this.#pending.length > 0) {
      const batch = this.#pending;
      this.#pending = [];
      try {
        await this.#append(
          batch.map(({ entry }) => entry),
          batch.some(({ durable }) => durable),
        );
        this.failure = undefined;
        for (const { resolve } of batch) resolve();
      } catch (error) {
        this.failure = error as Error;
        for (const { reject } of batch) reject(this.failure);
      }
    }
    this.#writing = undefined;
  }

  async #append(entries: readonly string[], durable: boolean): Promise<void> {
    let chain = this.#chain;
    let text = "";
    for (const entry of entries) {
      chain = chained(chain, entry);
      text += `${entry.slice(0, -1)},"chain":"${chain}"}\n`;
    }
    try {
      await this.#handle.appendFile(text);
      if (durable) await this.#handle.datasync();
    } catch (error) {
      await this.#handle.truncate(this.#size); // half a line would break the chain of the next
      throw error;
    }
    this.#size += Buffer.byteLength(text);
    this.#chain = chain;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#writing;
    await this.#handle.datasync().catch(() => {}); // a full disk has been told already
    await this.#handle.close();
    this.#release();
  }
}

/** The hash at the end of a line: over the hash of the line before, and the line's entry as JSON. */
export const chained = (before: string, entry: string): string => sha256(`${before}\n${entry}`);

/** A line with its hash, apart. */
export function parted(line: string): { readonly entry: string; readonly chain: string } | undefined {
  const [, entry, chain] = /^(\{.*),"chain":"([0-9a-f]{64})"\}$/.exec(line) ?? [];
  return entry === undefined ? undefined : { entry: `${entry}}`, chain };
}

interface LastLine {
  readonly size: number;
  /** Empty in a log that has no chain yet. */
  readonly chain: string;
}

/** Looks for the last whole line; what a process that was killed has left after it was never acknowledged and is cut off. */
async function lastLine(handle: FileHandle): Promise<LastLine> {
  const { size } = await handle.stat();
  for (let length = 65_536; ; length *= 4) {
    const from = Math.max(0, size - length);
    const block = Buffer.alloc(size - from);
    await handle.read(block, 0, block.length, from);
    const end = block.lastIndexOf("\n");
    const begin = end < 1 ? -1 : block.lastIndexOf("\n", end - 1);
    if (begin < 0 && from > 0) continue; // the last line is longer than the block
    const whole = from + end + 1;
    if (whole < size) await handle.truncate(whole);
    const line = block.subarray(begin + 1, Math.max(end, 0)).toString();
    return { size: whole, chain: parted(line)?.chain ?? "" };
  }
}

/** An audit log that keeps nothing. */
export const NO_AUDIT: AuditLog = { failure: undefined, write: async () => {}, close: async () => {} };
