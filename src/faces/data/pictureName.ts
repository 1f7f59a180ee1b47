/** Pictures among files, and their names without folders and extension. */
import { PICTURE_EXTENSION, type TreeFile, withoutExtension } from "../../base/files/index.ts";
import { nameKey } from "../../base/names/index.ts";

/** The picture files among `files`; what operating systems leave behind in folders and archives is passed over. */
export function picturesAmong(files: readonly TreeFile[]): TreeFile[] {
  return files.filter(({ path }) => {
    const parts = path.split("/");
    return PICTURE_EXTENSION.test(path) && !parts.some((part) => part.startsWith(".") || part === "__MACOSX");
  });
}

/** The last `count` parts of a path, without extension and in NFC: 2 gives `person/photo`, however deep the folder lies. */
export const nameFrom = (path: string, count: number) =>
  nameKey(withoutExtension(path).split("/").slice(-count).join("/"));
