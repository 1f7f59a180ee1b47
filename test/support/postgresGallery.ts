/** Galleries in one test server's database: made anew for each test, opened by several as processes would. */
import pg from "pg";
import { createRng } from "../../src/base/random/index.ts";
import { type GalleryStore, type MemoryOptions, openStore } from "../../src/people/gallery/index.ts";
import { SUITE_SETTINGS } from "./storeSettings.ts";

/** What `sql` gives at `url`. */
// biome-ignore lint/suspicious/noExplicitAny: rows are what the query says
export async function query(url: string, sql: string): Promise<any[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Takes the gallery away from a database. */
export const emptyDatabase = (url: string) =>
  query(
    url,
    `DROP SCHEMA IF EXISTS deepid_gallery CASCADE;
     DROP SERVER IF EXISTS deepid_gallery_0, deepid_gallery_1, deepid_gallery_2 CASCADE`,
  );

/** Opens the gallery at `url()` again and again; `close` ends all that was opened, and whatever `keep` was given. */
export function galleriesAt(url: () => string) {
  const opened: { close(): Promise<void> }[] = [];
  const keep = <T extends { close(): Promise<void> }>(one: T): T => {
    opened.push(one);
    return one;
  };
  const open = async (memory?: MemoryOptions): Promise<GalleryStore> =>
    keep(await openStore(url(), SUITE_SETTINGS, { memory }));
  const close = async () => {
    for (const one of opened.splice(0).reverse()) await one.close();
  };
  return {
    keep,
    open,
    close,
    /** A new one, when all others are closed. */
    async fresh(memory?: MemoryOptions): Promise<GalleryStore> {
      await close();
      await emptyDatabase(url());
      return open(memory);
    },
  };
}

/** The faces nearest to zeros, all of them where nothing else is said. */
export const found = async (store: GalleryStore, k = 1000): Promise<number[]> =>
  (await store.nearest(new Uint8Array(64), k)).map(({ face }) => face);

/** Faces as memory is tested with: random, and the same in each run. */
export function randomFaces(seed: number) {
  const rng = createRng(seed);
  const bytes = (length: number) => Uint8Array.from({ length }, () => rng.integer(256));
  return { rng, bytes, face: (person: string) => ({ person, code: bytes(64), vector: bytes(12) }) };
}

/** Memory for all codes of a test. */
export const ROOM: MemoryOptions = { bytes: 1 << 20 };
