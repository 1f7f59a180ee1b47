/** A folder as a file tree. It is the user's own, so links in it are followed, unlike those in an archive. */
import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { DataError } from "../errors/index.ts";
import type { ArchiveLimits, FileTree, TreeFile } from "./archiveTree.ts";
import { readData } from "./foreign.ts";

/** Folders within folders; a data set needs two or three, a link to its own parent would need infinitely many. */
const MAX_DEPTH = 16;

/** Lists the folder at `path`, folders within folders too. */
export async function openFolder(path: string, limits: ArchiveLimits): Promise<FileTree> {
  const { files: found, folders } = await list(path, limits).catch((error: Error) => {
    if (error instanceof DataError) throw error;
    throw new DataError(`${path}: cannot be listed: ${error.message}`, { cause: error });
  });
  const hash = createHash("sha256");
  for (const file of found) hash.update(`${file.path}\0${file.size} ${file.modified}\n`);
  return {
    path,
    files: found.map(({ path: relative, size }) => ({ path: relative, size })),
    folders,
    fingerprint: `${resolve(path)} ${hash.digest("hex")}`,
    async *read(wanted, unreadable) {
      for (const file of found) {
        if (!wanted(file.path)) continue;
        const bytes = await readData(join(path, file.path), limits.maxFileBytes).catch((error) => {
          if (!(unreadable && error instanceof DataError)) throw error;
          unreadable(file.path, error);
          return undefined;
        });
        if (bytes) yield { path: file.path, bytes };
      }
    },
  };
}

interface FoundFile extends TreeFile {
  /** Time of change, in milliseconds. */
  readonly modified: number;
}

async function list(path: string, limits: ArchiveLimits) {
  const found: FoundFile[] = [];
  const folders: string[] = [];
  const visit = async (folder: string, depth: number): Promise<void> => {
    if (depth > MAX_DEPTH) throw new DataError(`${join(path, folder)}: folders deeper than ${MAX_DEPTH}`);
    const subfolders: string[] = [];
    const look = async (name: string) => {
      const relative = folder === "" ? name : `${folder}/${name}`;
      const status = await stat(join(path, relative)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOENT") throw error;
        return undefined; // a link that leads nowhere: a file that cannot be read
      });
      if (!status) found.push({ path: relative, size: Number.NaN, modified: 0 });
      else if (status.isDirectory()) subfolders.push(relative);
      else if (status.isFile()) found.push({ path: relative, size: status.size, modified: status.mtimeMs });
    };
    await Promise.all((await readdir(join(path, folder))).map(look));
    if (found.length > limits.maxFiles) {
      throw new DataError(`${path}: more than ${limits.maxFiles} files in one folder`);
    }
    folders.push(...subfolders);
    for (const subfolder of subfolders) await visit(subfolder, depth + 1);
  };
  await visit("", 0);
  return { files: found.sort((a, b) => (a.path < b.path ? -1 : 1)), folders: folders.sort() };
}
