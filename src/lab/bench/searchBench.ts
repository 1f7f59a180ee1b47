/** How fast codes are searched, beside what the memory allows, a plain scan, and faiss, all in one run. */

import { createRng } from "../../base/random/index.ts";
import {
  createKernelScanner,
  createPlainScanner,
  type Match,
  type Scanner,
} from "../../matching/search/index.ts";
import type { BenchProgress } from "./benchProgress.ts";
import type { FaissTimes } from "./faiss.ts";

export interface SearchBenchOptions {
  readonly codes: number;
  readonly bits: number;
  readonly k: number;
  readonly threads: number;
  readonly rounds: number;
}

/** Times in milliseconds a query, the best of all rounds. */
export interface SearchBenchResult extends SearchBenchOptions {
  /** Reading all codes once on one thread. */
  readonly readMs: number;
  readonly plainMs: number;
  readonly kernelMs: number;
  readonly kernelThreadsMs: number;
  /** Median over the rounds of two times that were taken one after the other. */
  readonly kernelOverRead: number;
  readonly threadsSpeedup: number;
  /** Share of the true k nearest that the kernel found. */
  readonly recall: number;
  /** Of the process beside the codes themselves, at the end. */
  readonly megabytesBesideCodes: number;
  readonly faiss?: FaissTimes;
}

const FACES_PER_PERSON = 10;
const FLIPPED = 0.08;
const BLOCK = 10_000;

/** Codes of people with ten faces each, 8 % of whose bits differ from the person's; block by block. */
export function* benchCodes({ codes, bits }: SearchBenchOptions): Generator<Uint8Array> {
  const rng = createRng(1);
  const bytes = bits / 8;
  const person = new Uint8Array(bytes);
  for (let done = 0; done < codes; done += BLOCK) {
    const block = new Uint8Array(Math.min(BLOCK, codes - done) * bytes);
    for (let face = 0; face < block.length / bytes; face++) {
      if (face % FACES_PER_PERSON === 0) for (let i = 0; i < bytes; i++) person[i] = rng.integer(256);
      block.set(person, face * bytes);
      for (let flip = 0; flip < FLIPPED * bits; flip++) {
        const bit = rng.integer(bits);
        block[face * bytes + (bit >> 3)] ^= 1 << (bit & 7);
      }
    }
    yield block;
  }
}

/** Queries: the first face of people spread over the codes, another 8 % of its bits changed. */
function queriesFrom(first: Uint8Array, { bits, rounds }: SearchBenchOptions): Uint8Array[] {
  const rng = createRng(2);
  const bytes = bits / 8;
  return Array.from({ length: rounds }, (_, i) => {
    const at = (i * FACES_PER_PERSON * bytes) % first.length;
    const query = first.slice(at, at + bytes);
    for (let flip = 0; flip < FLIPPED * bits; flip++) {
      const bit = rng.integer(bits);
      query[bit >> 3] ^= 1 << (bit & 7);
    }
    return query;
  });
}

/** Fewest rounds with the plain scan, which only checks and compares. */
const PLAIN_ROUNDS = 5;

export async function benchSearch(
  options: SearchBenchOptions,
  { now, onProgress }: BenchProgress,
): Promise<SearchBenchResult & { readonly queries: readonly Uint8Array[] }> {
  const { codes, bits, k, threads } = options;
  const [one, many] = [createKernelScanner(bits / 8, 1), createKernelScanner(bits / 8, threads)];
  if (!(one && many)) throw new Error("bench: this machine has no SIMD for WebAssembly");
  let queries: Uint8Array[] = [];
  for (const block of benchCodes(options)) {
    if (queries.length === 0) queries = queriesFrom(block, options);
    many.append(block);
  }
  const megabytes = process.memoryUsage().rss / 1e6 - (codes * bits) / 8e6;
  const plain = createPlainScanner(bits / 8);
  for (const block of benchCodes(options)) for (const scanner of [one, plain]) scanner.append(block);
  const timed = async (work: () => unknown) => {
    const start = now();
    await work();
    return now() - start;
  };
  const times = { read: [] as number[], one: [] as number[], many: [] as number[], plain: [] as number[] };
  let [found, wanted] = [0, 0];
  const scan = (scanner: Scanner, query: Uint8Array, keep: (matches: Match[]) => void) =>
    timed(async () => keep(await scanner.scan(query, k)));
  for (const [round, query] of queries.entries()) {
    let [fast, exact]: Match[][] = [[], []];
    times.read.push(await timed(() => one.readOnce()));
    times.one.push(await scan(one, query, (matches) => (fast = matches)));
    times.many.push(await scan(many, query, () => {}));
    if (round < PLAIN_ROUNDS) {
      times.plain.push(await scan(plain, query, (matches) => (exact = matches)));
      found += exact.filter(({ row }, i) => fast[i]?.row === row).length;
      wanted += exact.length;
    }
    onProgress?.(round + 1, queries.length);
  }
  for (const scanner of [one, many, plain]) await scanner.close();
  const best = (list: readonly number[]) => Math.min(...list);
  return {
    ...options,
    readMs: best(times.read),
    plainMs: best(times.plain),
    kernelMs: best(times.one),
    kernelThreadsMs: best(times.many),
    kernelOverRead: median(times.one.map((time, i) => time / times.read[i])),
    threadsSpeedup: median(times.one.map((time, i) => time / times.many[i])),
    recall: found / wanted,
    megabytesBesideCodes: megabytes,
    queries,
  };
}

const median = (list: readonly number[]) => [...list].sort((a, b) => a - b)[list.length >> 1];
