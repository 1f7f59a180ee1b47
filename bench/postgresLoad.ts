/** Clients that identify while faces are added and removed: what is found, how fast, and whether it is the truth. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createRng } from "../src/base/random/index.ts";
import type { GalleryStore } from "../src/people/gallery/index.ts";
import type { Told } from "./postgresWriter.ts";

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

const [SHORTLIST, RECENT] = [200, 100];

interface Kept {
  readonly id: number;
  readonly code: Uint8Array;
}

/** What another process has added and removed by now, as far as it was acknowledged and told. */
function startWriter(url: string, seconds: number, codeBytes: number) {
  const written = { added: [] as Kept[], removed: [] as Kept[], adds: 0, removes: 0, errors: 0 };
  const program = fileURLToPath(new URL("postgresWriter.ts", import.meta.url));
  const child = fork(program, [url, String(seconds), String(codeBytes)], { execArgv: ["--import", "tsx"] });
  child.on("message", (told: Told) => {
    if ("added" in told) {
      written.added.push(...told.added.map(({ id, code }) => ({ id, code: Uint8Array.from(code) })));
      written.adds += told.added.length;
    } else if ("removed" in told) {
      const at = written.added.findIndex(({ id }) => id === told.removed);
      written.removed.push(...written.added.splice(at, 1));
      written.removes++;
    } else written.errors++;
  });
  const began = new Promise<void>((resolve) => child.once("message", () => resolve()));
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return { written, began, ended };
}

/** Each client searches one of `readers` again and again; another process adds to the gallery at `url`, and removes. */
export async function identifyWhileChanging(
  readers: readonly GalleryStore[],
  url: string,
  { clients, seconds, queries }: LoadOptions,
): Promise<LoadResult> {
  for (const reader of readers) await reader.nearest(queries[0], 1);
  const rng = createRng(11);
  const { written, began, ended } = startWriter(url, seconds, queries[0].length);
  const { added, removed } = written;
  await began;
  const result = { errors: 0, foundAfterRemoval: 0, addedNotFound: 0 };
  const times: number[] = [];
  const begin = performance.now();
  const isOver = () => performance.now() - begin > 1000 * seconds;

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
  await Promise.all([ended, ...Array.from({ length: clients }, (_, number) => client(number))]);
  const took = (performance.now() - begin) / 1000;
  times.sort((a, b) => a - b);
  return {
    clients,
    seconds: took,
    searches: times.length,
    searchesPerSecond: times.length / took,
    medianMs: times[times.length >> 1],
    p99Ms: times[Math.floor(0.99 * times.length)],
    addedPerSecond: written.adds / took,
    removedPerSecond: written.removes / took,
    ...result,
    errors: result.errors + written.errors,
    repaired: readers.reduce((sum, reader) => sum + (reader.held?.()?.repaired ?? 0), 0),
  };
}
