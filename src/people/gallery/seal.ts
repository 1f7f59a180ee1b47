/**
 * Encryption of what is kept beside the codes: AES-256-GCM, a fresh nonce for each piece. A sealed piece is bound to
 * the code of its face, so that pieces cannot be swapped between rows unnoticed.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import { DataError, InputError } from "../../base/errors/index.ts";

/** Bytes of a key. */
export const KEY_BYTES = 32;
const [NONCE, TAG] = [12, 16];
/** Bytes by which a sealed piece is longer than what is in it. */
export const SEAL_BYTES = NONCE + TAG;

/** Seals and opens pieces of data. */
export interface Sealer {
  /** Recognises the key without giving it away; empty for the sealer that seals nothing. */
  readonly check: string;
  /** `kind` and `code` are needed again to open it. */
  seal(bytes: Uint8Array, kind: string, code: Uint8Array): Uint8Array;
  open(sealed: Uint8Array, kind: string, code: Uint8Array): Uint8Array;
}

/** Leaves everything open. */
export const noSealer: Sealer = { check: "", seal: (bytes) => bytes, open: (bytes) => bytes };

/** A sealer with a key of 32 bytes. */
export function createSealer(key: Uint8Array): Sealer {
  if (!(key.length === KEY_BYTES)) {
    throw new InputError(`gallery key: needs ${KEY_BYTES} bytes, got ${key.length}`);
  }
  const context = (kind: string, code: Uint8Array) => Buffer.concat([Buffer.from(`${kind}\0`), code]);
  return {
    check: createHmac("sha256", key).update("deepid2plus gallery key").digest("hex").slice(0, 16),
    seal(bytes, kind, code) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(context(kind, code));
      return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, kind, code) {
      try {
        const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, NONCE), {
          authTagLength: TAG,
        });
        decipher.setAAD(context(kind, code)).setAuthTag(sealed.subarray(-TAG));
        return Buffer.concat([decipher.update(sealed.subarray(NONCE, -TAG)), decipher.final()]);
      } catch (cause) {
        throw new DataError(`gallery: a sealed ${kind} was altered, or belongs to another face`, { cause });
      }
    },
  };
}

/** A sealer with `key`, which must be that of a gallery whose settings say `keyCheck`. */
export function sealerOf(place: string, keyCheck: string, key?: Uint8Array): Sealer | undefined {
  if (keyCheck === "") return noSealer;
  if (!key) return undefined;
  const sealer = createSealer(key);
  if (sealer.check === keyCheck) return sealer;
  throw new InputError(`${place}: this gallery is encrypted with another key than the one given`);
}

/** A key from text: 64 hexadecimal digits, or base64 of 32 bytes. The text is not shown in errors. */
export function parseKey(text: string): Uint8Array {
  const clean = text.trim();
  if (/^[0-9a-f]{64}$/i.test(clean)) return Buffer.from(clean, "hex");
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(clean)) return Buffer.from(clean, "base64");
  throw new InputError(`gallery key: needs 64 hexadecimal digits or ${KEY_BYTES} bytes in base64`);
}
