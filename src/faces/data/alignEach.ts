/** From a source's picture files to aligned faces, one after the other as they come. */
import { DataError, InputError } from "../../base/errors/index.ts";
import { decodeImage } from "../pictureFiles/index.ts";
import type { AlignedFaces } from "./alignedFaces.ts";
import type { FaceSource, PictureFile, SourcePicture } from "./source.ts";

/** A picture's aligned face, pixels [104, 88, 3], or why there is none; the reason names its file. */
export type AlignedPicture = { readonly index: number } & (
  | { readonly face: Uint8Array; readonly reason?: undefined }
  | { readonly reason: string; readonly face?: undefined }
);

/** Pictures decoded at once: some wait for the decoder's threads while this thread warps another. */
const AT_ONCE = 4;

/** Which pictures of a source are aligned, and how it is stopped. */
export interface AlignOptions {
  readonly wanted?: (index: number) => boolean;
  readonly signal?: AbortSignal;
}

/**
 * Yields the aligned face of each picture of `source` that is `wanted`, in the order in which they lie there. A picture that
 * cannot be read, decoded or aligned is told of and skipped; what is wrong with all of them is thrown.
 */
export async function* alignEach(
  source: FaceSource,
  { wanted, signal }: AlignOptions = {},
): AsyncGenerator<AlignedPicture> {
  const running: Promise<AlignedPicture>[] = [];
  try {
    for await (const file of source.read(wanted)) {
      signal?.throwIfAborted();
      const task = alignPicture(source.pictures[file.index], file);
      task.catch(() => {}); // thrown when its turn comes; until then nobody waits for it
      running.push(task);
      if (running.length >= AT_ONCE) yield await running.shift()!;
    }
    while (running.length > 0) yield await running.shift()!;
  } finally {
    await Promise.allSettled(running);
  }
}

/** The same for faces that are aligned already. */
export async function* eachAligned(
  faces: AlignedFaces,
  { wanted = () => true, signal }: AlignOptions = {},
): AsyncGenerator<AlignedPicture> {
  for (let index = 0; index < faces.count; index++) {
    signal?.throwIfAborted();
    if (wanted(index)) yield { index, face: await faces.readRange(index, 1) };
  }
}

async function alignPicture(
  { file, align }: SourcePicture,
  { index, bytes }: PictureFile,
): Promise<AlignedPicture> {
  try {
    if (bytes instanceof DataError) throw bytes;
    const photo = await decodeImage(bytes, file);
    return { index, face: (await align(photo)).pixels };
  } catch (error) {
    if (!(error instanceof DataError || error instanceof InputError)) throw error;
    const { message } = error;
    return { index, reason: message.includes(file) ? message : `${file}: ${message}` };
  }
}
