/** Files that a card (model.json, system.json) lists with their SHA-256: what is read is what was written. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { DataError, firstFew, InputError } from "../errors/index.ts";
import { FILE_LIMITS, readData, readForeign } from "./foreign.ts";

/** SHA-256 of bytes, or of a text in UTF-8, in hexadecimal. */
export const sha256 = (content: Uint8Array | string): string =>
  createHash("sha256").update(content).digest("hex");

/** SHA-256 of each of `names` in `folder`, by name. */
export async function hashFiles(folder: string, names: readonly string[]): Promise<Record<string, string>> {
  const hashes = names.map(
    async (name) => [name, sha256(await readData(join(folder, name), FILE_LIMITS.net))] as const,
  );
  return Object.fromEntries(await Promise.all(hashes));
}

interface Listing {
  readonly card: string;
  readonly files: Readonly<Record<string, string>>;
}

/** The bytes of `file` in `folder`; refused unless they are what `card`, whose `files` lists hashes, says. */
export const readListed = async (folder: string, file: string, listing: Listing): Promise<Uint8Array> =>
  (await findListed(folder, file, listing)).bytes;

/** The same, and the file that they are in: `file`, or what was to replace it (see `nextOf`). */
export async function findListed(
  folder: string,
  file: string,
  { card, files }: Listing,
): Promise<{ readonly path: string; readonly bytes: Uint8Array }> {
  const path = join(folder, file);
  if (!Object.hasOwn(files, file)) {
    const listed = firstFew(Object.keys(files)) || "none";
    throw new DataError(`${join(folder, card)}: its "files" must give the SHA-256 of ${file}, got ${listed}`);
  }
  const next = await readData(nextOf(path), FILE_LIMITS.net).catch(() => undefined);
  if (next && sha256(next) === files[file]) return { path: nextOf(path), bytes: next };
  const bytes = await readData(path, FILE_LIMITS.net);
  const hash = sha256(bytes);
  if (hash !== files[file]) {
    throw new DataError(
      `${path}: truncated or changed: ${card} says SHA-256 ${files[file]}, its ${bytes.length} bytes have ${hash}`,
    );
  }
  return { path, bytes };
}

/**
 * Where the bytes wait that are to replace `path`, while the card that lists their hash is written: a program that is killed between the
 * card and the file leaves a folder that reads as the card says (see `findListed`).
 */
export const nextOf = (path: string): string => `${path}.next`;

/** The JSON of `card` in `folder`; `what` says in the error what is not there. */
export async function readCardJson(folder: string, card: string, what: string): Promise<unknown> {
  const path = join(folder, card);
  const text = await readForeign(path, FILE_LIMITS.text).catch((cause: Error) => {
    throw new InputError(`${folder}: no ${what} here: cannot read ${card} (${cause.message})`, { cause });
  });
  try {
    return JSON.parse(text.toString("utf8"));
  } catch (cause) {
    throw new DataError(`${path}: not JSON: ${(cause as Error).message}`, { cause });
  }
}
