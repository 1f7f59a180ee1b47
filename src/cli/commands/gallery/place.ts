/** Where a gallery is, as the commands are told. */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { Option } from "commander";
import { type GalleryOptions, type GalleryStore, openStore, parseKey } from "../../../gallery/index.ts";
import { writingTo } from "../../failure.ts";
import type { Io } from "../../io.ts";

/** The gallery unless told otherwise. */
export const GALLERY_FILE = "deepid-data/gallery.sqlite";

export const storeOption = () =>
  new Option("--store <place>", "an SQLite file, or postgres://user@host/database").default(GALLERY_FILE);

/** The encryption that the environment asks for. */
export const keyFrom = ({ env }: Io): GalleryOptions =>
  env.DEEPID_GALLERY_KEY ? { key: parseKey(env.DEEPID_GALLERY_KEY) } : {};

/** Makes the folder of a gallery file that is to be made. */
export async function makeFolder(place: string): Promise<void> {
  if (/^[a-z]{2,}:/i.test(place)) return;
  await writingTo(place, async () => mkdirSync(dirname(place), { recursive: true }));
}

/** Works with the store at `place`, which must be there. */
export async function withStore<T>(place: string, work: (store: GalleryStore) => Promise<T>): Promise<T> {
  const store = await openStore(place);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
