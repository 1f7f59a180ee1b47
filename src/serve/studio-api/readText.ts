/** A text file that need not be there. */
import { readFile } from "node:fs/promises";

/** What `path` holds; undefined where there is no such file. */
export const readText = (path: string): Promise<string | undefined> =>
  readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
