/**
 * Would an exact index beat the scan? Multi-index hashing (Norouzi, Punjani and Fleet, CVPR 2012) cuts a code into m
 * substrings and looks only at codes of which one substring is near the query's: exact, and fast where true neighbours
 * are near. Measured on codes with the statistics of real ones.
 * Run: npx tsx bench/multiIndex.ts lfw.safetensors [--codes 1000000 --queries 20 --out results/multi-index.json]
 *
 * Codes: the 512 bits of pictures' own features; more codes than pictures are made by changing bits as often as each
 * bit differs between two pictures of one person.
 */

import { parseArgs } from "node:util";
import { createRng } from "../src/base/random/index.ts";
import { binarise, createFeatureSet, rowOf } from "../src/matching/features/index.ts";
import { readFeatures } from "../src/matching/files/index.ts";
import { createKernelScanner } from "../src/matching/search/index.ts";
import { keep } from "./keep.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    codes: { type: "string", default: "1000000" },
    queries: { type: "string", default: "20" },
    k: { type: "string", default: "10" },
    out: { type: "string" },
  },
});
const [count, queries, k] = [values.codes, values.queries, values.k].map(Number);
const BITS = 512;
const WORDS = BITS / 32;
const SUBSTRING = 16; // bits; 65,536 buckets a table, about as many as log2 of the codes asks for
const TABLES = BITS / SUBSTRING;
const rng = createRng(1);

const { set } = await readFeatures(positionals[0]);
const left = new Float32Array(set.rows * BITS);
for (let row = 0; row < set.rows; row++) left.set(rowOf(set, row).subarray(0, BITS), row * BITS);
const real = binarise(createFeatureSet(left, BITS, set)).codes;

/** How often bit j differs between two pictures of one person. */
function changeRates(): Float64Array {
  const rates = new Float64Array(BITS);
  let pairs = 0;
  for (let row = 1; row < set.rows; row++) {
    if (set.identities[row] !== set.identities[row - 1]) continue;
    pairs++;
    for (let j = 0; j < BITS; j++) {
      rates[j] += ((real[row * WORDS + (j >> 5)] ^ real[(row - 1) * WORDS + (j >> 5)]) >>> (j & 31)) & 1;
    }
  }
  return rates.map((rate) => rate / pairs);
}

function pictureLike(rates: Float64Array): Uint32Array {
  const from = rng.integer(set.rows);
  const code = real.slice(from * WORDS, (from + 1) * WORDS);
  for (let j = 0; j < BITS; j++) if (rng.uniform() < rates[j]) code[j >> 5] ^= 1 << (j & 31);
  return code;
}

const rates = changeRates();
const codes = new Uint32Array(count * WORDS);
for (let row = 0; row < count; row++) codes.set(pictureLike(rates), row * WORDS);
const probes = Array.from({ length: queries }, () => pictureLike(rates));

const substringOf = (from: Uint32Array, row: number, table: number) =>
  (from[row * WORDS + (table >> 1)] >>> (16 * (table & 1))) & 0xffff;

/** For each table the rows by bucket: those of bucket b are rows[start[b]] to rows[start[b + 1]]. */
const tables = Array.from({ length: TABLES }, (_, table) => {
  const start = new Uint32Array(2 ** SUBSTRING + 1);
  for (let row = 0; row < count; row++) start[substringOf(codes, row, table) + 1]++;
  for (let bucket = 0; bucket < 2 ** SUBSTRING; bucket++) start[bucket + 1] += start[bucket];
  const next = start.slice();
  const rows = new Uint32Array(count);
  for (let row = 0; row < count; row++) rows[next[substringOf(codes, row, table)]++] = row;
  return { start, rows };
});
const ones = (word: number) => {
  let bits = 0;
  for (let rest = word >>> 0; rest; rest &= rest - 1) bits++;
  return bits;
};
/** Changes of a substring by how many bits they change. */
const changes = Array.from({ length: SUBSTRING + 1 }, (_, weight) =>
  Uint32Array.from(
    Array.from({ length: 2 ** SUBSTRING }, (_, mask) => mask).filter((mask) => ones(mask) === weight),
  ),
);

const POPCOUNT = Uint8Array.from({ length: 65_536 }, (_, word) => ones(word));
function distanceTo(query: Uint32Array, row: number): number {
  let distance = 0;
  for (let word = 0; word < WORDS; word++) {
    const different = codes[row * WORDS + word] ^ query[word];
    distance += POPCOUNT[different & 0xffff] + POPCOUNT[different >>> 16];
  }
  return distance;
}

const seen = new Uint32Array(count);
let stamp = 0;
/** The k nearest by multi-index hashing; how many codes were looked at, and up to which change of a substring. */
function search(query: Uint32Array) {
  stamp++;
  const counts = new Uint32Array(BITS + 1); // codes looked at, by distance
  let looked = 0;
  for (let radius = 0; ; radius++) {
    for (const [t, { start, rows }] of tables.entries()) {
      const own = substringOf(query, 0, t);
      for (const change of changes[radius]) {
        const bucket = own ^ change;
        for (let at = start[bucket]; at < start[bucket + 1]; at++) {
          const row = rows[at];
          if (seen[row] === stamp) continue;
          seen[row] = stamp;
          looked++;
          counts[distanceTo(query, row)]++;
        }
      }
    }
    // All codes nearer than TABLES · (radius + 1) have been looked at.
    let within = 0;
    for (let distance = 0; distance < TABLES * (radius + 1); distance++) {
      within += counts[distance];
      if (within >= k) return { looked, radius, kth: distance };
    }
    if (radius === SUBSTRING) throw new Error("fewer codes than wanted");
  }
}

const kernel = createKernelScanner(BITS / 8, 1)!;
kernel.append(new Uint8Array(codes.buffer));
const results: (ReturnType<typeof search> & { scanMs: number; hashMs: number })[] = [];
for (const query of probes) {
  let start = performance.now();
  const matches = await kernel.scan(new Uint8Array(query.buffer), k);
  const scanMs = performance.now() - start;
  start = performance.now();
  const found = search(query);
  const hashMs = performance.now() - start;
  if (found.kth !== matches.at(-1)!.distance) throw new Error("multi-index hashing is not exact");
  results.push({ ...found, scanMs, hashMs });
}
await kernel.close();
const median = (of: (one: (typeof results)[number]) => number) =>
  results.map(of).sort((a, b) => a - b)[results.length >> 1];
const result = {
  codes: count,
  pictures: set.rows,
  bits: BITS,
  tables: TABLES,
  queries,
  k,
  distanceOfKth: median(({ kth }) => kth),
  bitsChangedInASubstring: median(({ radius }) => radius),
  shareOfCodesLookedAt: median(({ looked }) => looked / count),
  hashMs: median(({ hashMs }) => hashMs),
  scanMs: median(({ scanMs }) => scanMs),
};
console.log(JSON.stringify(result, null, 2));
await keep(
  values.out,
  {
    kind: "speed",
    command: "npx tsx bench/multiIndex.ts lfw.safetensors --out results/multi-index.json",
    data: "features of LFW",
  },
  result,
);
