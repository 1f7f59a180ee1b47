/** Fingerprints of what an aligned face depends on, so that a cache is used only while it is true. */
import { createHash } from "node:crypto";
import { FILE_LIMITS, readForeign } from "../../base/files/index.ts";

/** SHA-256 of a small file's content. */
export async function fingerprintOf(path: string): Promise<string> {
  return hashOf(await readForeign(path, FILE_LIMITS.text));
}

/** SHA-256 of `content`, in hexadecimal. */
export const hashOf = (content: string | Uint8Array) => createHash("sha256").update(content).digest("hex");
