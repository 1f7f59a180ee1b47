/** What several files of tests need, and what takes long to make. */
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockFile } from "../../src/base/files/index.ts";

/** A folder that `make` has filled for the first file of tests that asks, for all files of this run of vitest: our parent. */
export async function madeOnce(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(tmpdir(), `deepid-${name}-${process.ppid}`);
  const release = await lockFile(folder, { waitMs: 200_000 });
  try {
    const done = `${folder}.done`;
    if (existsSync(done)) return folder;
    await mkdir(folder, { recursive: true });
    await make(folder);
    await writeFile(done, "");
    return folder;
  } finally {
    release();
  }
}
