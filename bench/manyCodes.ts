/**
 * The exact search over more codes than one WebAssembly memory holds: 100,000,000 of 512 bits, as the plan for a billion
 * faces needs them. Codes are random; some are planted, so that what must be found is known.
 *
 * Run: npx tsx bench/manyCodes.ts [--codes 100000000 --rounds 5 --out results/many-codes.json]
 */
import { randomFillSync } from "node:crypto";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { machine } from "../src/lab/bench/index.ts";
import { createCodeIndex } from "../src/matching/search/index.ts";
import { keep } from "./keep.ts";

const { values } = parseArgs({
  options: {
    codes: { type: "string", default: "100000000" },
    rounds: { type: "string", default: "5" },
    beside: { type: "string" },
    out: { type: "string" },
  },
});
const [codes, rounds] = [values.codes, values.rounds].map(Number);
const [BYTES, K, BLOCK] = [64, 10, 1_000_000];

const threads = Math.min(8, availableParallelism());
const index = createCodeIndex(BYTES, { threads });
const block = new Uint8Array(BLOCK * BYTES);
const query = new Uint8Array(BYTES).fill(0x5a);
const planted: number[] = [];
const began = performance.now();
for (let from = 0; from < codes; from += BLOCK) {
  randomFillSync(block);
  if (planted.length < K - 1) {
    block.set(query, 0);
    planted.push(from + 1);
  }
  await index.append(
    Array.from({ length: BLOCK }, (_, i) => from + i + 1),
    block,
  );
}
const fillSeconds = (performance.now() - began) / 1000;
const times: number[] = [];
for (let round = 0; round <= rounds; round++) {
  const start = performance.now();
  const found = await index.nearest(query, K);
  if (round > 0) times.push(performance.now() - start); // threads are started by the first
  const right = found.slice(0, planted.length).map(({ id, distance }) => (distance === 0 ? id : undefined));
  if (JSON.stringify(right) !== JSON.stringify(planted)) throw new Error("the planted codes are not found");
}
const searchMs = times.sort((a, b) => a - b)[times.length >> 1];
const result = {
  machine: machine(),
  ...(values.beside !== undefined && { beside: values.beside }),
  codes,
  bits: 8 * BYTES,
  threads,
  rounds,
  fillSeconds,
  searchMs,
  gigabytesPerSecond: (codes * BYTES) / 1e6 / searchMs,
  megabytesBesideCodes: (process.memoryUsage().rss - codes * BYTES) / 1e6,
};
await index.close();
console.log(JSON.stringify(result, null, 2));
await keep(
  values.out,
  { kind: "speed", command: `npx tsx bench/manyCodes.ts --codes ${codes}`, data: "random codes" },
  result,
);
