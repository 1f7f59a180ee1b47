/** From where a gallery is to an open one. */
import { InputError } from "../errors/index.ts";
import { createGallery, type Gallery, type OpenOptions, settingsFor } from "./gallery.ts";
import { createMemoryStore } from "./memoryStore.ts";
import { openPostgresStore } from "./postgres/postgresStore.ts";
import type { GalleryModel } from "./projection.ts";
import { openSqliteStore } from "./sqlite/sqliteStore.ts";
import type { GalleryStore, StoreSettings } from "./store.ts";

/**
 * Opens the store at `place`: "memory:", the path of an SQLite file, or postgres://... With `settings` it is refused if
 * it was made for others, and made if it is not there unless `create` is false; without, it must be there.
 */
export async function openStore(
  place: string,
  settings?: StoreSettings,
  { create = settings !== undefined }: { readonly create?: boolean } = {},
): Promise<GalleryStore> {
  if (place === "memory:") {
    if (!(settings && create)) {
      throw new InputError("memory: a gallery in memory begins empty; there is nothing to open");
    }
    return createMemoryStore(settings);
  }
  if (/^postgres(ql)?:/.test(place)) return openPostgresStore(place, settings, create);
  if (/^[a-z]{2,}:/i.test(place)) {
    throw new InputError(`${place}: a gallery is a file, postgres://..., or "memory:"`);
  }
  return openSqliteStore(place, settings, create);
}

/** Opens the gallery at `place` (see openStore) for `model`. */
export async function openGallery(
  place: string,
  model: GalleryModel,
  options: OpenOptions = {},
): Promise<Gallery> {
  return createGallery(await openStore(place, settingsFor(model, options), options), model, options);
}
