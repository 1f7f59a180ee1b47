/** A folder of people into a gallery, picture by picture; an interrupted import resumes. */
import { nameKey } from "../../base/names/index.ts";
import type { StoredGallery } from "./gallery.ts";

/** Pictures in a row: what each is called and whom it shows. */
export interface PicturesOfPeople {
  readonly names: readonly string[];
  readonly identities: readonly string[];
}

export interface ImportOptions {
  /** Pictures registered at a time. */
  readonly batch?: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** The field that names a face's picture. */
export const PICTURE_FIELD = "picture";
export const IMPORT_DEFAULTS = { batch: 128 } as const;

/**
 * Registers every picture that is not in the gallery yet, whoever it belongs to there, under its person; `featuresOf` computes the features
 * [dimension] of the rows it is given. Returns how many were added and how many were there already.
 */
export async function importFaces(
  gallery: StoredGallery,
  { names, identities }: PicturesOfPeople,
  featuresOf: (rows: readonly number[]) => Promise<readonly Float32Array[]>,
  options: ImportOptions = {},
): Promise<{ added: number; known: number }> {
  const { batch, onProgress, signal } = { ...IMPORT_DEFAULTS, ...options };
  const known = new Set(await gallery.store.valuesThere(PICTURE_FIELD, names.map(nameKey)));
  let added = 0;
  const rows = [...names.keys()].filter((row) => !known.has(nameKey(names[row])));
  for (let done = 0; done < rows.length; done += batch) {
    signal?.throwIfAborted();
    const some = rows.slice(done, done + batch);
    const features = await featuresOf(some);
    added += await gallery.registerMissing(
      some.map((row, i) => ({
        person: identities[row],
        features: features[i],
        fields: { [PICTURE_FIELD]: names[row] },
      })),
      PICTURE_FIELD,
    );
    onProgress?.(Math.min(done + batch, rows.length), rows.length);
  }
  return { added, known: names.length - added };
}
