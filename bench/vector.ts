/**
 * The nearest faces in SQL with pgvector, in PGlite (PostgreSQL in WebAssembly): its operator beside PostgreSQL's own bits, and
 * its approximate index with the recall that it has. Codes are random, ten a person that differ in 8 % of their bits.
 *
 * Run: npx tsx bench/vector.ts [--faces 20000 --out results/vector.json]
 */
import { parseArgs } from "node:util";
import { createRng } from "../src/base/random/index.ts";
import { machine } from "../src/lab/bench/index.ts";
import { approximateOn } from "../src/people/gallery/postgres/approximate.ts";
import { nearestSql } from "../src/people/gallery/postgres/nearestSql.ts";
import { bitsOf } from "../src/people/gallery/postgres/rows.ts";
import { createTables, openTables } from "../src/people/gallery/postgres/schema.ts";
import { extensionsOf } from "../src/people/gallery/postgres/vector.ts";
import { openPglite } from "../test/support/pglite.ts";
import { keep } from "./keep.ts";

const { values } = parseArgs({
  options: {
    faces: { type: "string", default: "20000" },
    beside: { type: "string" },
    out: { type: "string" },
  },
});
const faces = Number(values.faces);
const [BYTES, A_PERSON, FLIPPED, K, ROUNDS, BLOCK] = [64, 10, 41, 200, 15, 1_000];
const settings = { model: "bench", codeBytes: BYTES, dimension: 0, keyCheck: "" };
const rng = createRng(7);
const now = () => performance.now();

const server = await openPglite();
try {
  await createTables(server, settings, {});
  let own = new Uint8Array(BYTES);
  let probe = "";
  for (let from = 0; from < faces; from += BLOCK) {
    const rows = Array.from({ length: BLOCK }, (_, i) => {
      if (i % A_PERSON === 0) own = Uint8Array.from({ length: BYTES }, () => rng.integer(256));
      const code = own.slice();
      for (let flip = 0; flip < FLIPPED; flip++) code[rng.integer(BYTES)] ^= 1 << rng.integer(8);
      probe ||= bitsOf(code);
      return `(${from + i + 1}, 1, B'${bitsOf(code)}', '{}')`;
    });
    await server.query(
      `INSERT INTO deepid_gallery.faces (id, person, code, fields) VALUES ${rows.join(",")}`,
    );
  }
  await server.query(`SELECT setval('deepid_gallery.face_ids', ${faces}); ANALYZE deepid_gallery.faces`);
  const [sql, withVector] = [false, true].map((vector) =>
    nearestSql({ k: K, bits: 8 * BYTES, partitions: [0], vector }),
  );
  const times = { own: [] as number[], vector: [] as number[] };
  for (let round = 0; round <= ROUNDS; round++) {
    const start = now();
    const { rows } = await server.query(sql, [probe]);
    const middle = now();
    const { rows: same } = await server.query(withVector, [probe]);
    const end = now();
    const ids = (found: readonly { id: unknown }[]) => found.map(({ id }) => String(id)).join();
    if (ids(rows) !== ids(same)) throw new Error("the two do not find the same");
    if (round === 0) continue;
    times.own.push(middle - start);
    times.vector.push(end - middle);
  }
  const median = (all: readonly number[]) => [...all].sort((a, b) => a - b)[all.length >> 1];
  const building = now();
  const tables = await openTables(server);
  const approximate = await approximateOn(server, tables, { rng: createRng(3), now, k: K, queries: 100 });
  const result = {
    machine: machine(),
    ...(values.beside !== undefined && { beside: values.beside }),
    engine: `PGlite, pgvector ${(await extensionsOf(server)).vector}`,
    faces,
    bits: 8 * BYTES,
    k: K,
    ownMs: median(times.own),
    vectorMs: median(times.vector),
    ownOverVector: median(times.own) / median(times.vector),
    buildAndMeasureSeconds: (now() - building) / 1000,
    recall: approximate.recall,
    approximateMs: approximate.approximateMs,
  };
  console.log(JSON.stringify(result, null, 2));
  await keep(
    values.out,
    { kind: "speed", command: `npx tsx bench/vector.ts --faces ${faces}`, data: "random codes" },
    result,
  );
} finally {
  await server.close();
}
