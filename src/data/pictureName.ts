/**
 * Names of pictures without their extension: lists name `.jpg` files, copies of a data set may hold `.webp` or
 * `.png`, and both mean the same picture.
 */
import type { TreeFile } from "../files/index.ts";

const extension = /\.(?:jpe?g|png|webp)$/i;

/** `path` without a picture's extension. */
export const withoutExtension = (path: string) => path.replace(extension, "");

/** The picture files among `files`; what operating systems leave behind in folders and archives is passed over. */
export function picturesAmong(files: readonly TreeFile[]): TreeFile[] {
  return files.filter(({ path }) => {
    const parts = path.split("/");
    return extension.test(path) && !parts.some((part) => part.startsWith(".") || part === "__MACOSX");
  });
}

/** The last `count` parts of a path, without extension: 2 gives `person/photo`, however deep the folder lies. */
export const nameFrom = (path: string, count: number) =>
  withoutExtension(path).split("/").slice(-count).join("/");
