/** Making folders, with the reason where they cannot be made. */
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** Makes the folder at `path` and those above it that are missing. */
export async function makeFolder(path: string, { mode }: { readonly mode?: number } = {}): Promise<void> {
  const make = () => mkdir(path, { recursive: true, mode });
  await make().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    // So says Node of a folder on a disk that is read-only; the first that is missing says why.
    let missing = resolve(path);
    while (!existsSync(dirname(missing))) missing = dirname(missing);
    await mkdir(missing, { mode });
    await make();
  });
}
