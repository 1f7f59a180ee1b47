/** What an entry of an archive must fulfil before it is used, whatever the kind of archive. */
import { DataError } from "../errors/index.ts";
import type { ArchiveLimits, TreeFile } from "./archiveTree.ts";

/** Collects the entries of the archive at `archivePath`, refusing bad ones. */
export function createEntryList(archivePath: string, limits: ArchiveLimits) {
  const files = new Map<string, TreeFile>();
  const folders = new Set<string>();
  const checkCount = () => {
    if (files.size + folders.size > limits.maxFiles) {
      throw new DataError(`${archivePath}: more than ${limits.maxFiles} files in one archive`);
    }
  };
  return {
    add(path: string, size: number): void {
      const reason = badName(path) ?? badSize(size, limits);
      if (reason) throw entryError(archivePath, path, reason);
      if (files.has(path)) throw entryError(archivePath, path, "the archive holds this name twice");
      files.set(path, { path, size });
      checkCount();
    },
    /** A folder that the archive lists; one that cannot be used holds no file that can, and is passed over. */
    addFolder(name: string): void {
      const path = name.replace(/\/+$/, "");
      if (badName(path) === undefined) folders.add(path);
      checkCount();
    },
    folders: (): string[] => [...folders].sort(),
    sorted: (): TreeFile[] => [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

/** A DataError that names the archive and the entry; the entry's name is quoted, for it may hold anything. */
export function entryError(archivePath: string, entry: string, reason: string, cause?: unknown): DataError {
  return new DataError(`${archivePath}: entry ${JSON.stringify(entry.slice(0, 200))}: ${reason}`, { cause });
}

function badName(path: string): string | undefined {
  if (path === "" || /[\0\\]/.test(path)) return "not a usable name";
  if (path.startsWith("/") || /^[a-zA-Z]:/.test(path)) return "an absolute path";
  if (path.split("/").includes("..")) return "a path that leaves the archive";
  return undefined;
}

function badSize(size: number, limits: ArchiveLimits): string | undefined {
  if (Number.isSafeInteger(size) && size >= 0 && size <= limits.maxFileBytes) return undefined;
  return `${size} bytes unpacked, more than the ${limits.maxFileBytes} allowed`;
}
