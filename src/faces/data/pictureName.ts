/** Pictures among files, and their names without folders and extension. */
import { PICTURE_EXTENSION, type TreeFile, withoutExtension } from "../../base/files/index.ts";
import { nameKey } from "../../base/names/index.ts";
import type { PassedOver } from "./source.ts";

/** The picture files among `files`; what operating systems leave behind in folders and archives is none. */
export const picturesAmong = (files: readonly TreeFile[]): TreeFile[] =>
  files.filter(({ path }) => PICTURE_EXTENSION.test(path) && !isLeftBehind(path));

/** Files in the folders of `pictures` that are no pictures by their names. */
export function strangersAmong(files: readonly TreeFile[], pictures: readonly TreeFile[]): PassedOver[] {
  const folderOf = (path: string) => path.slice(0, path.lastIndexOf("/") + 1);
  const folders = new Set(pictures.map(({ path }) => folderOf(path)));
  return files
    .filter(({ path }) => folders.has(folderOf(path)) && !PICTURE_EXTENSION.test(path) && !isLeftBehind(path))
    .map(({ path }) => ({ file: path, reason: `${path}: not a picture, by its name` }));
}

/** Those of `folders` that lie in `around` others, in which none of `pictures` lies. */
export function foldersWithout(
  pictures: readonly TreeFile[],
  folders: readonly string[],
  around: number,
): readonly PassedOver[] {
  const within = (path: string) =>
    path
      .split("/")
      .slice(0, around + 1)
      .join("/");
  const used = new Set(pictures.map(({ path }) => within(path)));
  return folders
    .filter((path) => path.split("/").length === around + 1 && !used.has(path) && !isLeftBehind(path))
    .map((path) => ({ file: path, reason: `${path}: no picture lies in this folder` }));
}

/**
 * `pictures` without those that are empty, by what their folder or archive says of them, and those: a small archive may
 * list a hundred thousand, and none of them has to be read to know.
 */
export function withoutEmpty(pictures: readonly TreeFile[]) {
  const empty = pictures.filter(({ size }) => size === 0);
  return {
    pictures: empty.length > 0 ? pictures.filter(({ size }) => size !== 0) : pictures,
    empty: empty.map(({ path }): PassedOver => ({ file: path, reason: `${path}: the file is empty` })),
  };
}

const isLeftBehind = (path: string): boolean =>
  path.split("/").some((part) => part.startsWith(".") || LEFT_BEHIND.has(part.toLowerCase()));

const LEFT_BEHIND: ReadonlySet<string> = new Set(["__macosx", "thumbs.db", "desktop.ini"]);

/** The last `count` parts of a path, without extension and in NFC: 2 gives `person/photo`. */
export const nameFrom = (path: string, count: number) =>
  nameKey(withoutExtension(path).split("/").slice(-count).join("/"));
