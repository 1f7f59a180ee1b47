/** Clients that identify while faces are added and removed: what is found, how fast, and whether it is the truth. */
import { createRng } from "../src/base/random/index.ts";
import type { GalleryStore } from "../src/people/gallery/index.ts";

export interface LoadOptions {
  readonly clients: number;
  readonly seconds: number;
  readonly queries: readonly Uint8Array[];
}

export interface LoadResult {
  readonly clients: number;
  readonly seconds: number;
  readonly searches: number;
  readonly searchesPerSecond: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly addedPerSecond: number;
  readonly removedPerSecond: number;
  readonly errors: number;
  /** Searches that found a face whose removal was acknowledged before they began. */
  readonly foundAfterRemoval: number;
  /** Searches by the code of a face that was acknowledged before they began, and that did not find it. */
  readonly addedNotFound: number;
  /** Stretches of memory that were not the record. */
  readonly repaired: number;
}

const [ADD_EVERY_MS, ADDED, REMOVE_EVERY_MS, SHORTLIST, RECENT] = [40, 8, 50, 200, 100];

interface Kept {
  readonly id: number;
  readonly code: Uint8Array;
}

/** Each client searches one of `readers` again and again; `writer` adds 200 faces a second and removes 20, as fast as it can. */
export async function identifyWhileChanging(
  readers: readonly GalleryStore[],
  writer: GalleryStore,
  { clients, seconds, queries }: LoadOptions,
): Promise<LoadResult> {
  for (const reader of readers) await reader.nearest(queries[0], 1);
  const rng = createRng(11);
  const added: Kept[] = [];
  const removed: Kept[] = [];
  const result = { errors: 0, foundAfterRemoval: 0, addedNotFound: 0 };
  const times: number[] = [];
  let [addedFaces, removedFaces] = [0, 0];
  const begin = performance.now();
  const isOver = () => performance.now() - begin > 1000 * seconds;

  const every = async (ms: number, work: () => Promise<void>) => {
    for (let next = begin; !isOver(); next += ms) {
      const wait = next - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      await work().catch(() => result.errors++);
    }
  };
  const adding = every(ADD_EVERY_MS, async () => {
    const faces = Array.from({ length: ADDED }, () => ({
      person: `new ${addedFaces++}`,
      code: Uint8Array.from({ length: queries[0].length }, () => rng.integer(256)),
    }));
    const ids = await writer.add(faces);
    added.push(...ids.map((id, i) => ({ id, code: faces[i].code })));
  });
  const removing = every(REMOVE_EVERY_MS, async () => {
    if (added.length === 0) return;
    const [one] = added.splice(rng.integer(added.length), 1);
    await writer.removeFace(one.id);
    removed.push(one);
    removedFaces++;
  });

  /** The next probe: somebody known, somebody added just now, or somebody removed just now. */
  const client = async (number: number) => {
    const reader = readers[number % readers.length];
    for (let round = number; !isOver(); round++) {
      const kind = round % 3;
      const from = kind === 1 ? added : removed;
      const recent = kind === 0 ? [] : from.slice(-RECENT);
      const one = recent.length > 0 ? recent[rng.integer(recent.length)] : undefined;
      const start = performance.now();
      try {
        const hits = await reader.nearest(one?.code ?? queries[round % queries.length], SHORTLIST);
        await reader.facesOf(hits.slice(0, 10).map(({ person }) => person.id));
        times.push(performance.now() - start);
        const isFound = one && hits.some(({ face }) => face === one.id);
        if (kind === 2 && isFound) result.foundAfterRemoval++;
        if (kind === 1 && one && !isFound && added.includes(one)) result.addedNotFound++;
      } catch {
        result.errors++;
      }
    }
  };
  await Promise.all([adding, removing, ...Array.from({ length: clients }, (_, number) => client(number))]);
  const took = (performance.now() - begin) / 1000;
  times.sort((a, b) => a - b);
  return {
    clients,
    seconds: took,
    searches: times.length,
    searchesPerSecond: times.length / took,
    medianMs: times[times.length >> 1],
    p99Ms: times[Math.floor(0.99 * times.length)],
    addedPerSecond: addedFaces / took,
    removedPerSecond: removedFaces / took,
    ...result,
    repaired: readers.reduce((sum, reader) => sum + (reader.held?.()?.repaired ?? 0), 0),
  };
}
