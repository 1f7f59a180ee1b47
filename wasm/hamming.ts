/**
 * The search kernel: Hamming distances of packed codes to one query, and which of them may be among the k nearest.
 * AssemblyScript, compiled by `npm run wasm` to src/matching/search/kernelBytes.ts; src/matching/search holds its twin in plain JavaScript.
 *
 * Memory is shared: codes and the bytes that say which rows count are read by every thread, each thread has a scratch
 * area of its own, laid out as src/matching/search/layout.ts says. Codes are padded to whole vectors of 16 bytes; padding is
 * zero in codes and query alike, so that it adds nothing.
 *
 * Selection: `kept[d]` counts rows found at distance d; `enough` is the smallest distance within which k rows were
 * found (the largest possible before that), `within` how many; rows beyond `limit` are ignored: `enough` itself, or one
 * less once k rows are within it, as rows come in rising order and the earlier of equals wins. So at most 2k rows are
 * within `enough`, and dropping the others always makes room.
 */

// The scratch area: seven numbers of 4 bytes, then kept[]. The query and the found [row, distance] lie elsewhere.
const LIMIT = 0;
const ENOUGH = 4;
const WITHIN = 8;
const FOUND = 12;
const K = 16;
const CAPACITY = 20;
const ROWS = 24;
const KEPT = 32;

/** Distances of 64-byte codes: `rows` codes at `codes`, numbered from `first`; `allowed` holds a byte a row. */
export function scan64(scratch: usize, query: usize, codes: usize, allowed: usize, first: u32, rows: u32): void {
  const q0 = v128.load(query, 0);
  const q1 = v128.load(query, 16);
  const q2 = v128.load(query, 32);
  const q3 = v128.load(query, 48);
  let limit = load<i32>(scratch, LIMIT);
  for (let row: u32 = 0; row < rows; row++) {
    const sum = i8x16.add(
      i8x16.add(
        i8x16.popcnt(v128.xor(q0, v128.load(codes, 0))),
        i8x16.popcnt(v128.xor(q1, v128.load(codes, 16))),
      ),
      i8x16.add(
        i8x16.popcnt(v128.xor(q2, v128.load(codes, 32))),
        i8x16.popcnt(v128.xor(q3, v128.load(codes, 48))),
      ),
    ); // at most 32 in each of 16 bytes
    const distance = total(sum);
    if (distance <= limit && load<u8>(allowed + row)) {
      keep(scratch, first + row, distance);
      limit = load<i32>(scratch, LIMIT);
    }
    codes += 64;
  }
}

/** The same for codes of `vectors` times 16 bytes. */
export function scanAny(
  scratch: usize,
  query: usize,
  codes: usize,
  allowed: usize,
  first: u32,
  rows: u32,
  vectors: u32,
): void {
  for (let row: u32 = 0; row < rows; row++) {
    let distance = 0;
    let vector: u32 = 0;
    while (vector < vectors) {
      const end = min(vectors, vector + 31); // 31 vectors of at most 8 ones a byte fit into a byte
      let sum = i8x16.splat(0);
      for (; vector < end; vector++) {
        const at = vector << 4;
        sum = i8x16.add(sum, i8x16.popcnt(v128.xor(v128.load(query + at), v128.load(codes + at))));
      }
      distance += total(sum);
    }
    if (distance <= load<i32>(scratch, LIMIT) && load<u8>(allowed + row)) keep(scratch, first + row, distance);
    codes += vectors << 4;
  }
}

/** The sum of 16 unsigned bytes. */
@inline
function total(bytes: v128): i32 {
  const sums = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes));
  const halves = i32x4.add(sums, v128.shuffle<i32>(sums, sums, 2, 3, 0, 1));
  return i32x4.extract_lane(halves, 0) + i32x4.extract_lane(halves, 1);
}

function keep(scratch: usize, row: u32, distance: i32): void {
  let found = load<u32>(scratch, FOUND);
  if (found == load<u32>(scratch, CAPACITY)) found = compact(scratch);
  const at = load<u32>(scratch, ROWS) + (found << 3);
  store<u32>(at, row);
  store<i32>(at, distance, 4);
  store<u32>(scratch, found + 1, FOUND);

  const kept = scratch + KEPT;
  store<u32>(kept + (distance << 2), load<u32>(kept + (distance << 2)) + 1);
  const k = load<u32>(scratch, K);
  let enough = load<i32>(scratch, ENOUGH);
  let within = load<u32>(scratch, WITHIN) + 1;
  let last = load<u32>(kept + (enough << 2));
  while (within - last >= k) {
    within -= last;
    enough--;
    last = load<u32>(kept + (enough << 2));
  }
  store<i32>(scratch, enough, ENOUGH);
  store<u32>(scratch, within, WITHIN);
  store<i32>(scratch, within >= k ? enough - 1 : enough, LIMIT);
}

/** Drops found rows that are farther than \`enough\`; how many stay. */
function compact(scratch: usize): u32 {
  const found = load<u32>(scratch, FOUND);
  const rows = load<u32>(scratch, ROWS);
  const enough = load<i32>(scratch, ENOUGH);
  let stay: u32 = 0;
  for (let i: u32 = 0; i < found; i++) {
    const at = rows + (i << 3);
    if (load<i32>(at, 4) > enough) continue;
    store<u64>(rows + (stay << 3), load<u64>(at));
    stay++;
  }
  return stay;
}

/** Reads `bytes` bytes and nothing else, for measuring what memory gives: a multiple of 128. */
export function read(codes: usize, bytes: usize): i32 {
  let a = i8x16.splat(0);
  let b = a;
  let c = a;
  let d = a;
  const end = codes + bytes;
  for (; codes < end; codes += 128) {
    a = v128.or(a, v128.or(v128.load(codes, 0), v128.load(codes, 64)));
    b = v128.or(b, v128.or(v128.load(codes, 16), v128.load(codes, 80)));
    c = v128.or(c, v128.or(v128.load(codes, 32), v128.load(codes, 96)));
    d = v128.or(d, v128.or(v128.load(codes, 48), v128.load(codes, 112)));
  }
  return i32x4.extract_lane(v128.or(v128.or(a, b), v128.or(c, d)), 0);
}
