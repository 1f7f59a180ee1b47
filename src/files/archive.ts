/**
 * One view of a folder, a zip or a (gzipped) tar: a list of files, and their bytes in the order they lie there.
 *
 * Archives come from strangers. Nothing is ever written to disk from one, and it is listed in full before any
 * entry is used: names that leave the archive, links, absurd sizes or counts and broken archives are refused
 * with the archive's path and the entry.
 */
import { createHash } from "node:crypto";
import { type FileHandle, open, stat } from "node:fs/promises";
import { DataError } from "../errors/index.ts";
import { openFolder } from "./archiveFolder.ts";
import { openTar } from "./archiveTar.ts";
import { ARCHIVE_LIMITS, type ArchiveLimits, type FileTree } from "./archiveTree.ts";
import { openZip } from "./archiveZip.ts";

/** Opens the folder, zip, tar or tgz at `path`; which one it is, its first bytes say, not its name. */
export async function openFileTree(path: string, limits: Partial<ArchiveLimits> = {}): Promise<FileTree> {
  const allowed = { ...ARCHIVE_LIMITS, ...limits };
  const { isFolder, head, fingerprint } = await look(path).catch((error: Error) => {
    throw new DataError(`${path}: cannot be opened: ${error.message}`, { cause: error });
  });
  if (isFolder) return openFolder(path, allowed);
  const options = { fingerprint, limits: allowed };
  if (head.readUInt16LE(0) === 0x8b1f) return openTar(path, { ...options, gzipped: true });
  if (head.toString("latin1", 257, 262) === "ustar") return openTar(path, { ...options, gzipped: false });
  if (head.toString("latin1", 0, 2) === "PK") return openZip(path, options);
  throw new DataError(`${path}: needed a folder, a zip, a tar or a tgz, got a file that is none of them`);
}

async function look(path: string) {
  const head = Buffer.alloc(512);
  if ((await stat(path)).isDirectory()) return { isFolder: true, head, fingerprint: "" };
  const file = await open(path);
  try {
    await file.read(head, 0, head.length, 0);
    return { isFolder: false, head, fingerprint: await hashOf(file) };
  } finally {
    await file.close();
  }
}

/** SHA-256 of a whole file: an archive copied or touched is the same archive, and a gigabyte takes a second. */
async function hashOf(file: FileHandle): Promise<string> {
  const hash = createHash("sha256");
  for await (const part of file.createReadStream({ start: 0, autoClose: false, highWaterMark: 2 ** 20 })) {
    hash.update(part as Buffer);
  }
  return hash.digest("hex");
}
