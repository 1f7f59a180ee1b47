/** The one view of folders and archives: see archive.ts, which opens them. */
import type { DataError } from "../errors/index.ts";

export interface FileTree {
  /** The folder or archive, as the caller named it. */
  readonly path: string;
  /** Every plain file, sorted by path. */
  readonly files: readonly TreeFile[];
  /** Every folder in it that it lists, also where no file lies; an archive need list none. */
  readonly folders: readonly string[];
  /** Changes when the files do: made of a folder's paths, sizes and times of change, of an archive's content. */
  readonly fingerprint: string;
  /**
   * Yields the files whose path is `wanted`, each once, in no particular order. A file of a folder that cannot be read is told
   * to `unreadable`, and thrown without it; what is wrong with an archive is always thrown.
   */
  read(
    wanted: (path: string) => boolean,
    unreadable?: (path: string, error: DataError) => void,
  ): AsyncGenerator<{ path: string; bytes: Uint8Array }>;
}

export interface TreeFile {
  /** Relative, with "/" between folders. */
  readonly path: string;
  /** In bytes, unpacked; NaN for a link that leads nowhere. */
  readonly size: number;
}

export interface ArchiveLimits {
  /** Files in one archive. */
  readonly maxFiles: number;
  /** Bytes of one file, unpacked. */
  readonly maxFileBytes: number;
  /** How many times as large as the archive all of it may be, unpacked; pictures hardly shrink at all. */
  readonly maxRatio: number;
}

export const ARCHIVE_LIMITS = {
  maxFiles: 4_000_000,
  maxFileBytes: 256 * 2 ** 20,
  maxRatio: 50,
} as const satisfies ArchiveLimits;

/** What even a small archive may unpack to, in bytes. */
const SMALL_BYTES = 256 * 2 ** 20;

/** Most bytes that an archive of `packed` bytes may unpack to. */
export const mostUnpacked = (packed: number, { maxRatio }: ArchiveLimits): number =>
  Math.max(SMALL_BYTES, maxRatio * packed);
