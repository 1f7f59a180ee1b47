/** From where a gallery is to an open one. */
import { dirname } from "node:path";
import { InputError } from "../../base/errors/index.ts";
import { makeFolder, writingTo } from "../../base/files/index.ts";
import { createGallery, type OpenOptions, type StoredGallery, settingsFor } from "./gallery.ts";
import { createMemoryStore } from "./memoryStore.ts";
import { openPostgresStore } from "./postgres/postgresStore.ts";
import type { GalleryModel } from "./projection.ts";
import { openSqliteStore } from "./sqlite/sqliteStore.ts";
import type { GalleryStore, MemoryOptions, StoreSettings } from "./store.ts";

interface StoreOptions {
  readonly create?: boolean;
  /** Whether a gallery of codes alone will do where `settings` speak of vectors. */
  readonly codesAlone?: boolean;
  /** Settings of an earlier release, which are taken as well where a gallery is there already. */
  readonly earlier?: StoreSettings;
  /** The key of an encrypted gallery: with it rows are verified and can be written; reading alone needs none. */
  readonly key?: Uint8Array;
  /** For a gallery in PostgreSQL; default: it is searched on its servers. */
  readonly memory?: MemoryOptions;
  /** For a gallery in PostgreSQL with pgvector: whether searches may miss some of the nearest; see approximatePostgres. */
  readonly approximate?: boolean;
}

/**
 * Opens the store at `place`: "memory:", the path of an SQLite file, or postgres://... With `settings` it is refused if
 * it was made for others, and made if it is not there unless `create` is false; without, it must be there.
 */
export async function openStore(
  place: string,
  settings?: StoreSettings,
  {
    create = settings !== undefined,
    codesAlone = false,
    earlier,
    key,
    memory,
    approximate,
  }: StoreOptions = {},
): Promise<GalleryStore> {
  if (place === "memory:") {
    if (!(settings && create)) {
      throw new InputError("memory: a gallery in memory begins empty; there is nothing to open");
    }
    return createMemoryStore(settings);
  }
  if (isPostgres(place)) {
    return openPostgresStore(place, settings, { create, codesAlone, earlier, key, memory, approximate });
  }
  if (/^[a-z]{2,}:/i.test(place)) {
    throw new InputError(`${place}: a gallery is a file, postgres://..., or "memory:"`);
  }
  return openSqliteStore(place, settings, { create, codesAlone, earlier, key });
}

/** Whether a gallery at `place` is in a PostgreSQL database. */
export const isPostgres = (place: string): boolean => /^postgres(ql)?:/.test(place);

/** Makes the folder that a gallery file at `place` lies in. */
export async function makeStoreFolder(place: string): Promise<void> {
  if (/^[a-z]{2,}:/i.test(place)) return;
  await writingTo(place, () => makeFolder(dirname(place)));
}

/** Opens the gallery at `place` (see openStore) for `model`. */
export async function openGallery(
  place: string,
  model: GalleryModel,
  options: OpenOptions = {},
): Promise<StoredGallery> {
  const { create, codesOnly, key, memory, approximate } = options;
  const ofNeurons: GalleryModel = { ...model, codes: "neurons" }; // galleries of earlier releases have such codes
  const store = await openStore(place, settingsFor(model, options), {
    create,
    key,
    memory,
    approximate,
    codesAlone: codesOnly === undefined, // where nothing is said the gallery itself says
    earlier: settingsFor(ofNeurons, options),
  });
  const made = store.settings.model === ofNeurons.hash ? ofNeurons : model;
  return createGallery(store, made, { ...options, codesOnly: store.settings.dimension === 0 });
}
