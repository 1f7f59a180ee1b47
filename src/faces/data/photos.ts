/** Photos of whomever, in files, folders and archives: those of people's own folders are in people.ts. */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { DataError, InputError } from "../../base/errors/index.ts";
import { FILE_LIMITS, type FileTree, openFileTree, readData } from "../../base/files/index.ts";
import { picturesAmong, strangersAmong, withoutEmpty } from "./pictureName.ts";
import type { PassedOver } from "./source.ts";

export interface PhotoFile {
  /** Its path; in an archive its path there, after that of the archive. */
  readonly name: string;
  /** The file, or why it cannot be read. */
  readonly bytes: Uint8Array | DataError;
}

export interface PhotoSet {
  /** In the order of the paths given; those of a folder or archive sorted. */
  readonly names: readonly string[];
  /** What lies among the photos of folders and is none by its name. */
  readonly passedOver: readonly PassedOver[];
  /** Yields each photo that is `wanted` (all where nothing is said) once; those of an archive in the order in which they lie there. */
  read(wanted?: (name: string) => boolean): AsyncGenerator<PhotoFile>;
}

const ARCHIVE = /\.(?:zip|tar|tgz|tar\.gz)$/i;

/**
 * The photos at `paths`: picture files, and folders and archives of them, however deep. InputError for a path where there is
 * nothing, DataError for a folder or archive without pictures.
 */
export async function openPhotos(paths: readonly string[]): Promise<PhotoSet> {
  const missing = paths.find((path) => !existsSync(path));
  if (missing !== undefined) throw new InputError(`${missing}: no such file or folder`);
  const parts: Omit<PhotoSet, "read">[] = [];
  const readers: PhotoSet["read"][] = [];
  for (const path of paths) {
    const isTree = statSync(path).isDirectory() || ARCHIVE.test(path);
    const { read, ...part } = isTree ? photosIn(await openFileTree(path)) : onePhoto(path);
    parts.push(part);
    readers.push(read);
  }
  return {
    names: parts.flatMap(({ names }) => names),
    passedOver: parts.flatMap(({ passedOver }) => passedOver),
    async *read(wanted) {
      for (const read of readers) yield* read(wanted);
    },
  };
}

function onePhoto(path: string): PhotoSet {
  return {
    names: [path],
    passedOver: [],
    async *read(wanted) {
      if (wanted?.(path) === false) return;
      const bytes = await readData(path, FILE_LIMITS.picture).catch((error: Error) => {
        if (error instanceof DataError) return error;
        throw error;
      });
      yield { name: path, bytes };
    },
  };
}

function photosIn(tree: FileTree): PhotoSet {
  const found = picturesAmong(tree.files);
  if (found.length === 0)
    throw new DataError(`${tree.path}: no pictures (.jpg, .png, .webp, .avif, .tif or .gif)`);
  const { pictures, empty } = withoutEmpty(found);
  if (pictures.length === 0) {
    throw new DataError(`${tree.path}: none of its ${found.length} pictures can be used: ${empty[0].reason}`);
  }
  const ours = new Set(pictures.map(({ path }) => path));
  const nameOf = (path: string) => join(tree.path, path);
  return {
    names: pictures.map(({ path }) => nameOf(path)),
    passedOver: [...strangersAmong(tree.files, found), ...empty].map(({ file, reason }) => ({
      file: nameOf(file),
      reason: join(tree.path, reason),
    })),
    async *read(wanted = () => true) {
      const asked = (path: string) => ours.has(path) && wanted(nameOf(path));
      const failed: PhotoFile[] = [];
      const fail = (path: string, error: DataError) => failed.push({ name: nameOf(path), bytes: error });
      for await (const { path, bytes } of tree.read(asked, fail)) {
        yield* failed.splice(0);
        yield { name: nameOf(path), bytes };
      }
      yield* failed;
    },
  };
}
