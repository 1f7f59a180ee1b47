/** Files of the page's own server, with limits on time and size. */
import { DataError } from "../../base/errors/index.ts";

export interface DownloadOptions {
  /** In place of the page's `fetch`, to add headers, say. */
  readonly fetch?: typeof fetch;
  /** Most milliseconds for one file (default 120,000). */
  readonly timeoutMs?: number;
  /** Bytes of all files that have come so far. */
  readonly onProgress?: (bytes: number) => void;
  readonly signal?: AbortSignal;
}

/** Reads a file; undefined where the server answers 404. */
export type Download = (address: URL) => Promise<Uint8Array<ArrayBuffer> | undefined>;

/** An address as the page or the worker means it. */
export const addressOf = (address: string | URL): URL =>
  new URL(address, typeof document === "undefined" ? location.href : document.baseURI);

/** The same of a folder. */
export const folderOf = (address: string | URL): URL => addressOf(`${String(address).replace(/\/$/, "")}/`);

/** Longest file that is read. */
const MAX_BYTES = 512 * 2 ** 20;

export function downloads(options: DownloadOptions = {}): Download {
  const { fetch: ask = fetch, timeoutMs = 120_000, onProgress, signal } = options;
  let total = 0;
  return async (address) => {
    const limit = AbortSignal.timeout(timeoutMs);
    const stop = signal ? AbortSignal.any([signal, limit]) : limit;
    const failed = (why: string, cause?: unknown) => new DataError(`${address}: ${why}`, { cause });
    try {
      const response = await ask(address.href, { signal: stop });
      if (response.status === 404) return undefined;
      if (!response.ok || !response.body) throw failed(`the server answered ${response.status}`);
      const pieces: Uint8Array[] = [];
      let length = 0;
      const reader = response.body.getReader();
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        pieces.push(next.value);
        length += next.value.length;
        total += next.value.length;
        if (length > MAX_BYTES) throw failed(`over ${MAX_BYTES} bytes`);
        onProgress?.(total);
      }
      return joined(pieces, length);
    } catch (cause) {
      signal?.throwIfAborted();
      if (cause instanceof DataError) throw cause;
      if (limit.aborted) throw failed(`not loaded within ${timeoutMs} ms`, cause);
      throw failed(`cannot be loaded: ${(cause as Error).message}`, cause);
    }
  };
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
