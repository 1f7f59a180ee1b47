/**
 * The cache of aligned faces: each picture is decoded and aligned once; after that a set opens in moments.
 *
 * One safetensors file a set: `faces` U8 [n, 104, 88, 3], names and identities in its metadata. The file's name
 * is a hash of all that the faces depend on, so a changed picture or landmark makes a new file.
 */
import { basename, join } from "node:path";
import { z } from "zod";
import { DataError, InputError } from "../../base/errors/index.ts";
import { createTensorFile, type OpenSafetensors, openSafetensors } from "../../base/files/index.ts";
import { TEMPLATE, TEMPLATE_VERSION } from "../face/index.ts";
import { decodeImage } from "../pictureFiles/index.ts";
import { type AlignedFaces, checkRange } from "./alignedFaces.ts";
import { hashOf } from "./fingerprint.ts";
import type { FaceSource, SourcePicture } from "./source.ts";

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
  close(): Promise<void>;
}

/** Pictures decoded at once: some wait for the decoder's threads while this thread warps another. */
const AT_ONCE = 4;

/** Opens the aligned faces of `source`, aligning them first if the cache does not hold them. */
export async function openAlignedFaces(source: FaceSource, options: CacheOptions): Promise<CachedFaces> {
  const names = source.pictures.map(({ name }) => name);
  const key = hashOf([TEMPLATE_VERSION, source.fingerprint, ...names].join("\n")).slice(0, 24);
  const path = join(options.cacheFolder, `${source.kind}-${key}.safetensors`);
  const cached = await openCache(path);
  if (cached) return cached;
  await build(source, path, options);
  return (await openCache(path))!;
}

async function build(source: FaceSource, path: string, { onProgress, signal }: CacheOptions): Promise<void> {
  const { pictures } = source;
  const shape = [pictures.length, TEMPLATE.height, TEMPLATE.width, 3];
  const file = await createTensorFile(
    path,
    { faces: shape },
    {
      format: FORMAT,
      names: JSON.stringify(pictures.map(({ name }) => name)),
      identities: JSON.stringify(pictures.map(({ identity }) => identity)),
    },
  );
  const running = new Set<Promise<void>>();
  let done = 0;
  const failures: unknown[] = [];
  const align = async (index: number, bytes: Uint8Array) => {
    try {
      await file.write("faces", index, await alignPicture(source.path, pictures[index], bytes));
      done += 1;
      onProgress?.(done, pictures.length);
    } catch (error) {
      failures.push(error); // thrown by the loop below: nobody awaits this task while it reads on
    }
  };
  try {
    for await (const { index, bytes } of source.read()) {
      signal?.throwIfAborted();
      const task = align(index, bytes).then(() => void running.delete(task));
      running.add(task);
      if (running.size >= AT_ONCE) await Promise.race(running);
      if (failures.length > 0) throw failures[0];
    }
    await Promise.all(running);
    if (failures.length > 0) throw failures[0];
    await file.commit();
  } catch (error) {
    await Promise.allSettled(running);
    await file.discard();
    throw error;
  }
}

async function alignPicture(path: string, picture: SourcePicture, bytes: Uint8Array): Promise<Uint8Array> {
  const place = `${path}: ${picture.file}`;
  const photo = await decodeImage(bytes, place);
  try {
    return picture.align(photo).pixels;
  } catch (error) {
    if (error instanceof DataError || error instanceof InputError) {
      throw new DataError(`${place}: ${error.message}`, { cause: error });
    }
    throw error;
  }
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
  const shape = `${places.get("faces")?.shape}`;
  if (identities.length !== count || shape !== `${[count, TEMPLATE.height, TEMPLATE.width, 3]}`) {
    throw new DataError(`${count} names, ${identities.length} identities, faces of shape [${shape}]`);
  }
  return {
    path,
    count,
    names,
    identities,
    key: basename(path),
    async readRange(first, length) {
      checkRange(first, length, count);
      return (await file.readRows("faces", first, length)).data as Uint8Array;
    },
    close: file.close,
    [Symbol.asyncDispose]: file.close,
  };
}
