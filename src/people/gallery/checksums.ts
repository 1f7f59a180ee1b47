/**
 * Checksums of what is kept, so that a row that was altered is noticed: a face's holds its number, its person, code,
 * vector and fields, a person's its number and name. With the key of an encrypted gallery they are message
 * authentication codes (HMAC-SHA-256): whoever lacks the key can neither alter a row nor exchange two unnoticed.
 */
import { createHash, createHmac } from "node:crypto";

/** What is said of a row whose checksum differs. */
export const ALTERED = "it was altered: its checksum differs";
export const NAME_ALTERED = "the name was altered: its checksum differs";
const THUMBNAIL_ALTERED = "its thumbnail was altered: its checksum differs";
const THUMBNAIL_LOST = "a thumbnail was kept with it and is not there";

/** What is wrong with a face's thumbnail, beside the checksum that was kept with it; `sums` are undefined where the key is not known. */
export function thumbnailProblem(
  face: number,
  thumbnail: Uint8Array | null,
  kept: Uint8Array | null,
  sums: Checksums | undefined,
): string | undefined {
  if (!sums) return undefined;
  if (same(sums.thumbnail(face, thumbnail), kept)) return undefined;
  return thumbnail ? THUMBNAIL_ALTERED : THUMBNAIL_LOST;
}

/** Whether a checksum that is kept is the one that it must be; one that is missing is not. */
export const same = (a: Uint8Array, b: Uint8Array | null): boolean =>
  b !== null && Buffer.compare(a, b) === 0;

/** Bytes of a checksum. */
const BYTES = 16;

type Part = Uint8Array | string | number | null | undefined;

export interface Checksums {
  person(id: number, name: string): Buffer;
  /** `fields` as they are kept, as JSON. */
  face(face: CheckedFace): Buffer;
  /** Also of none, so that a face that lost its thumbnail and the checksum with it is told from one that never had any. */
  thumbnail(face: number, thumbnail: Uint8Array | null | undefined): Buffer;
}

export interface CheckedFace {
  readonly id: number;
  readonly person: number;
  readonly code: Uint8Array;
  readonly vector?: Uint8Array | null;
  readonly fields: string;
}

/** Checksums with `key`, or without. */
export function createChecksums(key?: Uint8Array): Checksums {
  // A key of its own for this use: the gallery's is for encryption.
  const own = key && createHmac("sha256", key).update("deepid2plus gallery rows").digest();
  const of = (...parts: readonly Part[]): Buffer => {
    const hash = own ? createHmac("sha256", own) : createHash("sha256");
    for (const part of parts) {
      const bytes = typeof part === "number" ? String(part) : (part ?? "");
      hash.update(`${part == null ? "none" : Buffer.byteLength(bytes)}\n`).update(bytes);
    }
    return hash.digest().subarray(0, BYTES);
  };
  return {
    person: (id, name) => of("person", id, name),
    face: ({ id, person, code, vector, fields }) => of("face", id, person, code, vector, fields),
    thumbnail: (face, thumbnail) => of("thumbnail", face, thumbnail),
  };
}
