/** An exported gallery as a file: written whole or not at all, and restored into a store. */
import { createWriteStream, statSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { readLinesOf, writingTo } from "../../base/files/index.ts";
import { makeStoreFolder, openStore } from "./open.ts";
import type { GalleryStore } from "./store.ts";
import {
  type ExportOptions,
  exportLines,
  importLines,
  type Restored,
  type RestoreOptions,
  readHeader,
} from "./transfer.ts";

/** Writes the gallery in `store` to the file `out`; the number of faces. */
export async function exportGallery(
  store: GalleryStore,
  out: string,
  options: ExportOptions = {},
): Promise<number> {
  const part = `${out}.part`;
  let written = 0;
  const counted = async function* () {
    for await (const line of exportLines(store, options)) {
      written++;
      yield line;
    }
  };
  return writingTo(out, async () => {
    try {
      // Biometric data: for the owner only.
      await pipeline(counted, createWriteStream(part, { flush: true, mode: 0o600 }));
      await rename(part, out);
      return written - 1; // the first says what the gallery was made for
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  });
}

export interface RestoreFileOptions extends Omit<RestoreOptions, "onProgress"> {
  /** `total` is a guess from the file's size. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Where a gallery was restored, what was added, and what is in it now. */
export interface RestoredGallery extends Restored {
  readonly place: string;
  readonly people: number;
  readonly faces: number;
}

/** Adds the faces of the exported gallery in `file` to the store at `place`, which is made where it is missing (see `importLines`). */
export async function restoreGallery(
  file: string,
  place: string,
  { onProgress, ...options }: RestoreFileOptions,
): Promise<RestoredGallery> {
  const lines = readLinesOf(file);
  let store: GalleryStore | undefined;
  try {
    const first = await lines.next();
    const settings = readHeader(first.done ? "" : first.value.text, file);
    await makeStoreFolder(place);
    store = await openStore(place, settings, { key: options.key });
    const total = Math.max(1, Math.round(statSync(file).size / LINE_BYTES));
    const rest = { [Symbol.asyncIterator]: () => lines };
    const done = await importLines(store, rest, file, {
      ...options,
      onProgress: (faces) => onProgress?.(faces, Math.max(faces, total)),
    });
    return { place: store.place, ...done, ...(await store.count()) };
  } finally {
    await store?.close();
    await lines.return(undefined); // closes the file
  }
}

/** A face of the released models as a line. */
const LINE_BYTES = 2500;
