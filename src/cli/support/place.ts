/** Which gallery, and which of its faces: `--store` and `--where`. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { bytesIn } from "../../base/text/index.ts";
import {
  approximateText,
  type Damage,
  damageSkipped,
  type Filter,
  type GalleryModel,
  type GalleryOptions,
  type GalleryStore,
  makeStoreFolder,
  openGallery,
  openStore,
  parseCondition,
  parseKey,
  recallOf,
  type StoredGallery,
} from "../../people/gallery/index.ts";
import type { Io } from "./io.ts";
import { gathered, parsed } from "./options.ts";
import type { Output } from "./output.ts";

/** The gallery unless told otherwise. */
export const GALLERY_FILE = "deepid-data/gallery.sqlite";

export interface StoreOptions {
  readonly store: string;
}

export const storeOption = (): Option =>
  new Option("--store <place>", "the gallery: an SQLite file, or postgres://user@host/database").default(
    GALLERY_FILE,
  );

export function postgresUrl(text: string): string {
  if (/^postgres(ql)?:\/\//.test(text)) return text;
  throw new InvalidArgumentError("A URL is needed: postgres://user:password@host:port/database.");
}

export const addStoreOption = (command: Command): Command => command.addOption(storeOption());

export interface MemoryChoice {
  readonly memory: number;
  readonly approximate?: boolean;
}

/** How much memory codes of a gallery in PostgreSQL may take. */
export const memoryOption = (bytes = 0, said = "none"): Option =>
  new Option(
    "--memory <size>",
    "for codes of a gallery in PostgreSQL, like 500MB or 8GB: it is searched in memory if they fit, else on its servers",
  )
    .argParser(parsed(bytesIn))
    .default(bytes, said);

/** Options of the commands that ask a gallery: which, and which of its faces. */
export interface KnownOptions extends StoreOptions, MemoryChoice {
  readonly where?: Filter;
}

export const addKnownOptions = (command: Command): Command =>
  addStoreOption(command.optionsGroup("Gallery:"))
    .addOption(memoryOption())
    .option(
      "--approximate",
      "search by pgvector's index, which misses some of the nearest (see deepid store approximate)",
    )
    .option(
      "--where <condition>",
      "only faces whose fields meet it: year=2024, camera=gate,door, day>=2024-05; may be repeated",
      gathered(parseCondition),
    );

/** The encryption that the environment asks for. */
export const keyFrom = ({ env }: Io): GalleryOptions =>
  env.DEEPID_GALLERY_KEY ? { key: parseKey(env.DEEPID_GALLERY_KEY) } : {};

/** What opens the gallery at `place`, which must be there unless it may be made. */
export const galleryAt =
  (
    { store, memory, approximate }: StoreOptions & Partial<MemoryChoice>,
    { io, output }: { readonly io: Io; readonly output: Output },
    { create = false, ...options }: GalleryOptions & { create?: boolean } = {},
  ) =>
  async (model: GalleryModel): Promise<StoredGallery> => {
    if (create) await makeStoreFolder(store);
    if (approximate) output.note(approximateText(await recallOf(postgresUrl(store))));
    const onDamage = (one: Damage) => output.passedOver(damageSkipped(store, one));
    return openGallery(store, model, {
      ...keyFrom(io),
      ...options,
      create,
      onDamage,
      approximate,
      ...(memory && { memory: { bytes: memory } }),
    });
  };

/** Works with the store at `place`, which must be there. */
export async function withStore<T>(
  { store: place }: StoreOptions,
  io: Io,
  work: (store: GalleryStore) => Promise<T>,
): Promise<T> {
  const store = await openStore(place, undefined, keyFrom(io));
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
