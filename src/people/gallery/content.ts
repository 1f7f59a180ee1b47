/** What makes two faces alike, whoever they belong to: their codes, vectors and fields. */
import { createHash } from "node:crypto";
import type { NewFace } from "./store.ts";

/** Bytes of a digest: enough that two of a billion faces are not taken for one. */
const BYTES = 16;

/** A digest of a face's content, [16]. Order of fields and thumbnails do not count: exports may leave them out. */
export function contentDigest({
  code,
  vector,
  fields = {},
}: Pick<NewFace, "code" | "vector" | "fields">): Buffer {
  const sorted = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = Buffer.from(JSON.stringify(sorted));
  const sizes = Buffer.alloc(8);
  sizes.writeUInt32LE(code.length, 0);
  sizes.writeUInt32LE(vector?.length ?? 0, 4);
  const hash = createHash("sha256")
    .update(sizes)
    .update(code)
    .update(vector ?? "")
    .update(text);
  return hash.digest().subarray(0, BYTES);
}

/** The same as text. */
export const contentKey = (face: Pick<NewFace, "code" | "vector" | "fields">): string =>
  contentDigest(face).toString("base64");
