/** Fingerprints of what an aligned face depends on, so that a cache is used only while it is true. */
import { FILE_LIMITS, readForeign, sha256 } from "../../base/files/index.ts";

/** SHA-256 of a small file's content. */
export async function fingerprintOf(path: string): Promise<string> {
  return sha256(await readForeign(path, FILE_LIMITS.text));
}
