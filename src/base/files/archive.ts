/**
 * One view of a folder, a zip or a (gzipped) tar: a list of files, and their bytes in the order they lie there.
 *
 * Archives come from strangers. Nothing is ever written to disk from one, and it is listed in full before any
 * entry is used: names that leave the archive, links, absurd sizes or counts and broken archives are refused
 * with the archive's path and the entry.
 */
import { createHash } from "node:crypto";
import { type FileHandle, open, stat } from "node:fs/promises";
import { DataError, InputError } from "../errors/index.ts";
import { openFolder } from "./archiveFolder.ts";
import { ARCHIVE_LIMITS, type ArchiveLimits, type FileTree } from "./archiveTree.ts";

/**
 * Opens the folder, zip, tar or tgz at `path`; which one it is, its first bytes say, not its name. InputError where there is
 * nothing, DataError for what is none of them or damaged.
 */
export async function openFileTree(path: string, limits: Partial<ArchiveLimits> = {}): Promise<FileTree> {
  const allowed = { ...ARCHIVE_LIMITS, ...limits };
  const { kind, fingerprint } = await look(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") throw new InputError(`${path}: no such file or folder`, { cause: error });
    throw new DataError(`${path}: cannot be opened: ${error.message}`, { cause: error });
  });
  const options = { fingerprint, limits: allowed };
  if (kind === "folder") return openFolder(path, allowed);
  // What unpacks is loaded with the first archive.
  if (kind === "zip") return (await import("./archiveZip.ts")).openZip(path, options);
  if (kind !== undefined) {
    return (await import("./archiveTar.ts")).openTar(path, { ...options, gzipped: kind === "tgz" });
  }
  throw new DataError(`${path}: needed a folder, a zip, a tar or a tgz, got a file that is none of them`);
}

/** What `path` is, undefined for none of them, and for an archive the hash of its content. */
async function look(path: string) {
  const status = await stat(path);
  if (status.isDirectory()) return { kind: "folder" as const, fingerprint: "" };
  if (!status.isFile()) return { kind: undefined, fingerprint: "" };
  const file = await open(path);
  try {
    const kind = await kindOf(file);
    return { kind, fingerprint: kind === undefined ? "" : await hashOf(file) };
  } finally {
    await file.close();
  }
}

async function kindOf(file: FileHandle): Promise<"tgz" | "tar" | "zip" | undefined> {
  const head = Buffer.alloc(512);
  await file.read(head, 0, head.length, 0);
  if (head.readUInt16LE(0) === 0x8b1f) return "tgz";
  if (head.toString("latin1", 257, 262) === "ustar") return "tar";
  return head.toString("latin1", 0, 2) === "PK" ? "zip" : undefined;
}

/** SHA-256 of a whole file: an archive copied or touched is the same archive, and a gigabyte takes a second. */
async function hashOf(file: FileHandle): Promise<string> {
  const hash = createHash("sha256");
  for await (const part of file.createReadStream({ start: 0, autoClose: false, highWaterMark: 2 ** 20 })) {
    hash.update(part as Buffer);
  }
  return hash.digest("hex");
}
