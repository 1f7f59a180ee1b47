/** How fast a gallery that is there is searched by several clients at once, as pgbench asks a database. */
import { createRng } from "../../base/random/index.ts";
import { type HeldStatus, type MemoryOptions, openStore } from "../../people/gallery/index.ts";
import type { BenchProgress } from "./benchProgress.ts";

export interface StoreBenchOptions {
  /** Where the gallery is (see `openStore`); nothing in it is changed. */
  readonly store: string;
  /** How many clients ask at once, each the next when it has its answer: one round for each number. */
  readonly clients: readonly number[];
  /** How long each round takes. */
  readonly seconds: number;
  /** Nearest codes wanted. */
  readonly k?: number;
  readonly memory?: MemoryOptions;
}

export interface StoreBenchResult {
  readonly faces: number;
  readonly bits: number;
  readonly loadSeconds: number;
  /** What was held in memory; undefined where the gallery's servers searched. */
  readonly held?: HeldStatus;
  readonly rounds: readonly StoreRound[];
}

export interface StoreRound {
  readonly clients: number;
  readonly searches: number;
  readonly perSecond: number;
  readonly medianMs: number;
  readonly p99Ms: number;
}

/** Searches by random codes, of one process with as many connections as its pool has; InputError for an empty gallery. */
export async function benchStore(
  { store: place, clients, seconds, k = 10, memory }: StoreBenchOptions,
  { now, onProgress }: BenchProgress,
): Promise<StoreBenchResult> {
  const store = await openStore(place, undefined, { memory });
  try {
    const { codeBytes } = store.settings;
    const rng = createRng(9);
    const search = () =>
      store.nearest(
        Uint8Array.from({ length: codeBytes }, () => rng.integer(256)),
        k,
      );
    const start = now();
    await store.load();
    await search();
    const loadSeconds = (now() - start) / 1000;
    const rounds: StoreRound[] = [];
    for (const [i, count] of clients.entries()) {
      rounds.push(await oneRound(search, { clients: count, seconds, now }));
      onProgress?.(i + 1, clients.length);
    }
    const { faces } = await store.count();
    return { faces, bits: 8 * codeBytes, loadSeconds, held: store.held?.(), rounds };
  } finally {
    await store.close();
  }
}

async function oneRound(
  search: () => Promise<unknown>,
  { clients, seconds, now }: { clients: number; seconds: number; now: () => number },
): Promise<StoreRound> {
  const times: number[] = [];
  const start = now();
  const end = start + 1000 * seconds;
  const client = async () => {
    do {
      const asked = now();
      await search();
      times.push(now() - asked);
    } while (now() < end);
  };
  await Promise.all(Array.from({ length: clients }, client));
  const took = (now() - start) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))];
  return {
    clients,
    searches: times.length,
    perSecond: times.length / took,
    medianMs: at(0.5),
    p99Ms: at(0.99),
  };
}
