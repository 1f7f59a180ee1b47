/**
 * The cache of aligned faces: each picture is decoded and aligned once; after that a set opens in moments.
 *
 * One safetensors file a set: `faces` U8 [n, 104, 88, 3], names and identities in its metadata. The file's name
 * is a hash of all that the faces depend on, so a changed picture or landmark makes a new file.
 */
import { basename, join } from "node:path";
import { z } from "zod";
import { DataError } from "../../base/errors/index.ts";
import { createTensorFile, type OpenSafetensors, openSafetensors, sha256 } from "../../base/files/index.ts";
import { TEMPLATE, TEMPLATE_VERSION } from "../face/index.ts";
import { alignEach } from "./alignEach.ts";
import { type AlignedFaces, checkRange, FACE_BYTES } from "./alignedFaces.ts";
import type { FaceSource, PassedOver } from "./source.ts";

export interface CacheOptions {
  /** Where cache files lie; made when missing. About 27 kB a face. */
  readonly cacheFolder: string;
  /** Called as faces are aligned; not at all when the cache is there already. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Gives up between two pictures and leaves no file. */
  readonly signal?: AbortSignal;
}

/** An open cache file. Close it, or bind it with `await using`. */
export interface CachedFaces extends AlignedFaces, AsyncDisposable {
  readonly path: string;
  /** What could not be read, decoded or aligned, and is not among the faces. */
  readonly passedOver: readonly PassedOver[];
  close(): Promise<void>;
}

/**
 * Opens the aligned faces of `source`, aligning them first if the cache does not hold them. A picture that cannot be
 * decoded or aligned is skipped and told of in `passedOver`; with none left it is a DataError.
 */
export async function openAlignedFaces(source: FaceSource, options: CacheOptions): Promise<CachedFaces> {
  const names = source.pictures.map(({ name }) => name);
  const key = sha256([TEMPLATE_VERSION, source.fingerprint, ...names].join("\n")).slice(0, 24);
  const path = join(options.cacheFolder, `${source.kind}-${key}.safetensors`);
  let faces = await openCache(path);
  if (!faces) {
    await build(source, path, options);
    faces = (await openCache(path))!;
  }
  const files = new Map(source.pictures.map(({ name, file }) => [name, file]));
  const left = faces.passedOver.map(({ file: name, reason }) => ({ file: files.get(name)!, reason }));
  return { ...faces, passedOver: [...source.passedOver, ...left] };
}

async function build(source: FaceSource, path: string, { onProgress, signal }: CacheOptions): Promise<void> {
  const { pictures } = source;
  const shape = [pictures.length, TEMPLATE.height, TEMPLATE.width, 3];
  const metadata = {
    format: FORMAT,
    names: JSON.stringify(pictures.map(({ name }) => name)),
    identities: JSON.stringify(pictures.map(({ identity }) => identity)),
  };
  const file = await createTensorFile(path, { faces: shape }, metadata, {
    laterBytes: laterBytes(pictures.length),
  });
  const bad = new Map<number, string>();
  let done = 0;
  try {
    for await (const { index, face, reason } of alignEach(source, { signal })) {
      if (!face) bad.set(index, reason);
      await file.write("faces", index, face ?? new Uint8Array(FACE_BYTES));
      onProgress?.(++done, pictures.length);
      signal?.throwIfAborted();
    }
    if (bad.size === pictures.length) throw noneLeft(source, bad);
    await file.commit(bad.size === 0 ? {} : { bad: badText(bad) });
  } catch (error) {
    await file.discard();
    throw error;
  }
}

function noneLeft({ path, pictures }: FaceSource, bad: ReadonlyMap<number, string>): DataError {
  const [reason] = bad.values();
  const all = pictures.length === 1 ? "its only picture" : `none of its ${pictures.length} pictures`;
  return new DataError(`${path}: ${all} can${pictures.length === 1 ? "not" : ""} be used: ${reason}`);
}

/** Longest reason that is kept, and how many are; of more, only which pictures they are. */
const [REASON_LENGTH, REASONS] = [160, 100];
/** Room in a cache file for what is wrong with some of `count` pictures, which is known last. */
const laterBytes = (count: number) => REASONS * REASON_LENGTH * 8 + 12 * count;

/** Rows of bad pictures, [first, last] of each run, and the first reasons. */
function badText(bad: ReadonlyMap<number, string>): string {
  const rows = [...bad.keys()].sort((a, b) => a - b);
  const runs: [number, number][] = [];
  for (const row of rows) {
    const last = runs.at(-1);
    if (last && last[1] === row - 1) last[1] = row;
    else runs.push([row, row]);
  }
  const reasons = rows.slice(0, REASONS).map((row) => bad.get(row)!.slice(0, REASON_LENGTH));
  return JSON.stringify({ runs, reasons });
}

const FORMAT = "deepid2plus aligned faces";
const list = z.array(z.string());

/** Opens the cache file at `path`; undefined when there is none. */
async function openCache(path: string): Promise<CachedFaces | undefined> {
  let file: OpenSafetensors | undefined;
  try {
    file = await openSafetensors(path);
    return facesIn(file);
  } catch (error) {
    await file?.close();
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    if (code !== undefined) throw error; // the disk's trouble, not the file's
    throw new DataError(`${path}: delete it to have it made again; it is damaged: ${message}`, {
      cause: error,
    });
  }
}

function facesIn(file: OpenSafetensors): CachedFaces {
  const { path, metadata, places } = file;
  const parse = (text: string | undefined) => list.parse(JSON.parse(text ?? "null"));
  const [names, identities] = [parse(metadata.names), parse(metadata.identities)];
  const count = names.length;
  const { rows, passedOver } = soundRows(names, metadata.bad);
  const shape = `${places.get("faces")?.shape}`;
  if (identities.length !== count || shape !== `${[count, TEMPLATE.height, TEMPLATE.width, 3]}`) {
    throw new DataError(`${count} names, ${identities.length} identities, faces of shape [${shape}]`);
  }
  const readRows = async (first: number, length: number) =>
    (await file.readRows("faces", first, length)).data as Uint8Array;
  return {
    path,
    passedOver,
    count: rows?.length ?? count,
    names: rows ? Array.from(rows, (row) => names[row]) : names,
    identities: rows ? Array.from(rows, (row) => identities[row]) : identities,
    key: basename(path),
    async readRange(first, length) {
      checkRange(first, length, rows?.length ?? count);
      if (!rows || length === 0) return readRows(first, length);
      const begin = rows[first];
      const all = await readRows(begin, rows[first + length - 1] - begin + 1);
      const kept = Array.from(rows.subarray(first, first + length), (row) =>
        all.subarray((row - begin) * FACE_BYTES, (row - begin + 1) * FACE_BYTES),
      );
      return kept.length * FACE_BYTES === all.length ? all : new Uint8Array(Buffer.concat(kept));
    },
    close: file.close,
    [Symbol.asyncDispose]: file.close,
  };
}

const badPictures = z.object({
  runs: z.array(z.tuple([z.number().int(), z.number().int()])),
  reasons: z.array(z.string()),
});

/** The rows of pictures that were aligned, undefined for all, and what is said of the others. */
function soundRows(names: readonly string[], bad: string | undefined) {
  if (bad === undefined) return { rows: undefined, passedOver: [] };
  const { runs, reasons } = badPictures.parse(JSON.parse(bad));
  const isBad = new Uint8Array(names.length);
  for (const [first, last] of runs) isBad.fill(1, first, last + 1);
  const passedOver: PassedOver[] = [];
  for (const [row, name] of names.entries()) {
    if (!isBad[row]) continue;
    passedOver.push({ file: name, reason: reasons[passedOver.length] ?? `${name}: cannot be used` });
  }
  return { rows: Int32Array.from([...names.keys()].filter((row) => !isBad[row])), passedOver };
}
