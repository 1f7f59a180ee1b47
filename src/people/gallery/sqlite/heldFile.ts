/**
 * Database files that this process reads past SQLite. POSIX takes all locks of a process on a file away when any of its
 * descriptors of that file is closed: SQLite's own with them, and another process that closes the gallery would take
 * this one for gone, and its log of changes with it. So such a descriptor is never closed.
 */
import { type FileHandle, open, stat } from "node:fs/promises";

/** By device and number of the file: a path may come to mean another. */
const held = new Map<string, Promise<FileHandle>>();

/** The file at `path`, to be read at positions; it stays open as long as the process lives. */
export async function heldFile(path: string): Promise<FileHandle> {
  const { dev, ino } = await stat(path, { bigint: true });
  const key = `${dev} ${ino}`;
  let file = held.get(key);
  if (!file) {
    file = open(path);
    held.set(key, file);
    file.catch(() => held.delete(key));
  }
  return file;
}
