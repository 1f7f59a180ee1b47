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

/** The bytes of `file` in `folder`; refused unless they are what `card`, whose `files` lists hashes, says. */
export async function readListed(
  folder: string,
  file: string,
  { card, files }: { card: string; files: Readonly<Record<string, string>> },
): Promise<Uint8Array> {
  const path = join(folder, file);
  if (!Object.hasOwn(files, file)) {
    const listed = firstFew(Object.keys(files)) || "none";
    throw new DataError(`${join(folder, card)}: its "files" must give the SHA-256 of ${file}, got ${listed}`);
  }
  const bytes = await readData(path, FILE_LIMITS.net);
  const hash = sha256(bytes);
  if (hash !== files[file]) {
    throw new DataError(
      `${path}: truncated or changed: ${card} says SHA-256 ${files[file]}, its ${bytes.length} bytes have ${hash}`,
    );
  }
  return bytes;
}

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
