/** The plainest exact search over packed codes: what the kernel must agree with, and what runs where there is no SIMD. */
import { bitCount } from "../../base/bits/index.ts";
import { type Match, nearestOf, type Scanner } from "./match.ts";

/**
 * The `k` rows nearest to `query` of `codes` [rows, words] by Hamming distance, then row; `allowed` [rows] is 0 for
 * rows left out.
 */
export function plainScan(codes: Uint32Array, query: Uint32Array, k: number, allowed?: Uint8Array): Match[] {
  const words = query.length;
  const rows = codes.length / words;
  // How many rows were kept at each distance: a row farther than k others cannot be among the nearest.
  const kept = new Uint32Array(32 * words + 1);
  let [limit, within] = [32 * words, 0];
  const found: Match[] = [];
  for (let row = 0, at = 0; row < rows; row++, at += words) {
    if (allowed && allowed[row] === 0) continue;
    let distance = 0;
    for (let word = 0; word < words; word++) distance += bitCount(codes[at + word] ^ query[word]);
    if (distance > limit || (within >= k && distance === limit)) continue;
    found.push({ row, distance });
    kept[distance]++;
    within++;
    while (within - kept[limit] >= k) within -= kept[limit--];
  }
  return nearestOf(found, k);
}

/** Codes in an ordinary array, scanned by plain JavaScript. */
export function createPlainScanner(codeBytes: number): Scanner {
  const words = codeBytes / 4;
  let rows = 0;
  let codes = new Uint32Array(0);
  let alive = new Uint8Array(0);
  return {
    name: "plain JavaScript",
    append(added) {
      const count = added.length / codeBytes;
      if ((rows + count) * words > codes.length) {
        const room = Math.max(1024, 2 * rows, rows + count);
        codes = grown(codes, new Uint32Array(room * words));
        alive = grown(alive, new Uint8Array(room));
      }
      new Uint8Array(codes.buffer).set(added, rows * codeBytes);
      alive.fill(1, rows, rows + count);
      rows += count;
    },
    erase(row) {
      alive[row] = 0;
      codes.fill(0, row * words, (row + 1) * words);
    },
    write(row, code) {
      alive[row] = 1;
      new Uint8Array(codes.buffer).set(code, row * codeBytes);
    },
    read: (from, to) => new Uint8Array(codes.buffer).slice(from * codeBytes, to * codeBytes),
    cut(from) {
      alive.fill(0, from, rows);
      codes.fill(0, from * words, rows * words);
      rows = from;
    },
    async scan(query, k, only) {
      const allowed = only ? new Uint8Array(rows) : alive;
      if (only) for (let i = 0; i < only.length; i++) allowed[only[i]] = alive[only[i]];
      const wanted = new Uint32Array(new Uint8Array(query).buffer);
      return plainScan(codes.subarray(0, rows * words), wanted, k, allowed);
    },
    async close() {
      codes.fill(0);
      [codes, alive, rows] = [new Uint32Array(0), new Uint8Array(0), 0];
    },
  };
}

/** `to` with the content of `from`, which is overwritten. */
function grown<T extends Uint8Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  from.fill(0);
  return to;
}
