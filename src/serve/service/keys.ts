/**
 * API keys: `dk_<id>_<secret>`. The file holds SHA-256 hashes only: a secret of 256 random bits cannot be guessed from
 * its hash, so no slow hash is needed, and checking one costs a server under attack nothing.
 */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { stat } from "node:fs/promises";
import { z } from "zod";
import { DataError, InputError, schemaProblems } from "../../base/errors/index.ts";
import { readForeign, sha256, withFileLock, writeFileAtomic } from "../../base/files/index.ts";

/** read: compare, identify, search, list; write: register, rename, merge, remove too; admin: metrics as well. */
export const SCOPES = ["read", "write", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

const KeySchema = z.object({
  id: z.string().regex(/^[a-z0-9]{12}$/),
  name: z.string(),
  scope: z.enum(SCOPES),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  created: z.iso.datetime(),
  expires: z.iso.datetime().optional(),
  revoked: z.iso.datetime().optional(),
});
const FileSchema = z.object({ format: z.literal("deepid2plus-keys"), keys: z.array(KeySchema) });

/** A key as it is kept: everything but the secret. */
export type ApiKey = z.infer<typeof KeySchema>;

/** Whether a key of scope `held` may do what needs `needed`: each scope includes those before it. */
export const allows = (held: Scope, needed: Scope): boolean => SCOPES.indexOf(held) >= SCOPES.indexOf(needed);

/** Whether `key` is valid at `now`. */
export const isValid = ({ revoked, expires }: ApiKey, now: Date): boolean =>
  revoked === undefined && !(expires !== undefined && Date.parse(expires) <= now.getTime());

/** Of a file of keys: more than ten thousand of them. */
const MOST_BYTES = 4 * 2 ** 20;

/** The keys in `file`; none where there is no such file. */
export async function readKeys(file: string): Promise<ApiKey[]> {
  let json: unknown;
  try {
    json = JSON.parse((await readForeign(file, MOST_BYTES)).toString("utf8"));
  } catch (cause) {
    if (isMissing(cause)) return [];
    throw new DataError(`${file}: not a file of API keys: ${(cause as Error).message}`, { cause });
  }
  const parsed = FileSchema.safeParse(json);
  if (parsed.success) return parsed.data.keys;
  throw new DataError(`${file}: not a file of API keys: ${schemaProblems(parsed.error)}`);
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === "ENOENT";

const writeKeys = (file: string, keys: readonly ApiKey[]): Promise<void> =>
  writeFileAtomic(file, `${JSON.stringify({ format: "deepid2plus-keys", keys }, null, 2)}\n`, {
    mode: 0o600,
  });

export interface NewKey {
  readonly name: string;
  readonly scope: Scope;
  readonly expires?: Date;
}

/**
 * Makes a key and keeps its hash in `file`. The token is shown once: nothing can bring it back. `first`: the file held
 * no key before, so that clients on this machine now need one.
 */
export async function createKey(
  file: string,
  { name, scope, expires }: NewKey,
  now: Date,
): Promise<{ key: ApiKey; token: string; first: boolean }> {
  const id = randomBytes(16).toString("hex").slice(0, 12);
  const secret = randomBytes(32).toString("base64url");
  const key: ApiKey = { id, name, scope, sha256: sha256(secret), created: now.toISOString() };
  if (expires) key.expires = expires.toISOString();
  const known = await withFileLock(file, async () => {
    const keys = await readKeys(file);
    await writeKeys(file, [...keys, key]);
    return keys;
  });
  return { key, token: `dk_${id}_${secret}`, first: known.length === 0 };
}

/** Makes the key `id` invalid from `now` on, also in services that are running. */
export const revokeKey = (file: string, id: string, now: Date): Promise<ApiKey> =>
  withFileLock(file, async () => {
    const keys = await readKeys(file);
    const key = keys.find((one) => one.id === id);
    if (!key) {
      const known = keys.map((one) => one.id).join(", ");
      throw new InputError(`${file}: no key ${id}; it holds ${known || "none"}`);
    }
    key.revoked ??= now.toISOString();
    await writeKeys(file, keys);
    return key;
  });

/** The valid key among `keys` that `token` is, if any; takes as long whether the secret is nearly right or not. */
export function findKey(keys: readonly ApiKey[], token: string, now: Date): ApiKey | undefined {
  const [, id = "", secret = ""] = /^dk_([a-z0-9]{12})_([\w-]{43})$/.exec(token) ?? [];
  const key = keys.find((one) => one.id === id);
  const given = Buffer.from(sha256(secret), "hex");
  const right = timingSafeEqual(given, Buffer.from(key?.sha256 ?? "0".repeat(64), "hex"));
  return key && right && isValid(key, now) ? key : undefined;
}

/** The keys that are valid or were, and whether one is asked for. */
export interface KeyRing {
  readonly keys: readonly ApiKey[];
  /** Once there was a file of keys, or one was named, this stays: keys that are lost let nobody in. */
  readonly needed: boolean;
}

/**
 * The keys of a file that may change while the service runs: what was revoked is refused at the next request.
 * `needed`: keys are asked for even if there never was such a file.
 */
export function watchKeys(file: string, { needed = false } = {}): () => Promise<KeyRing> {
  let seen = "";
  let ring: KeyRing = { keys: [], needed };
  return async () => {
    try {
      const version = await versionOf(file);
      if (version !== seen) {
        ring = { keys: await readKeys(file), needed: ring.needed || version !== "" };
        seen = version;
      }
      return ring;
    } catch (cause) {
      ring = { keys: [], needed: true };
      seen = "unreadable";
      throw new Error("the file of API keys cannot be read", { cause }); // ours to mend, not the client's
    }
  };
}

/** Tells one content of a file from the next; empty where there is none. */
async function versionOf(file: string): Promise<string> {
  try {
    const { ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
    return [ino, size, mtimeNs, ctimeNs].join(" ");
  } catch (error) {
    if (isMissing(error)) return "";
    throw error;
  }
}
