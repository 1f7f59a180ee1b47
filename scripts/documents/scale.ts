/** Tables of docs/scale.md: what was measured, and what follows from it by arithmetic. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { count } from "../../src/base/text/index.ts";
import { readResult } from "../../src/lab/results/index.ts";
import { table } from "./table.ts";

const Load = z.object({
  clients: z.number(),
  searchesPerSecond: z.number(),
  medianMs: z.number(),
  p99Ms: z.number(),
  addedPerSecond: z.number(),
  removedPerSecond: z.number(),
  errors: z.number(),
  foundAfterRemoval: z.number(),
  addedNotFound: z.number(),
});
const Postgres = z.object({
  faces: z.number(),
  memoryMs: z.number(),
  sqliteMs: z.number(),
  sqlMs: z.number(),
  memoryOverSqlite: z.number(),
  sqlOverMemory: z.number(),
  openSeconds: z.number(),
  megabytesBesideCodes: z.number(),
  load: Load,
});
const Larger = z.object({
  faces: z.number(),
  memoryMs: z.number(),
  memoryOverKernel: z.number(),
  openSeconds: z.number(),
  megabytesBesideCodes: z.number(),
});
const Many = z.object({ codes: z.number(), searchMs: z.number(), gigabytesPerSecond: z.number() });
const Worked = z.object({
  workers: z.number(),
  kills: z.number(),
  seconds: z.number(),
  picturesPerSecond: z.number(),
  differentPictures: z.number(),
  refused: z.number(),
  jobsFailed: z.number(),
});
const Work = z.object({
  pictures: z.number(),
  killed: Worked,
  one: Worked,
  two: Worked,
  twoOverOne: z.number(),
});
const Vector = z.object({
  faces: z.number(),
  k: z.number(),
  ownMs: z.number(),
  vectorMs: z.number(),
  ownOverVector: z.number(),
  recall: z.number(),
  approximateMs: z.number(),
});
const Search = z.object({ codes: z.number(), kernelThreadsMs: z.number() });

/** Bytes of a code in memory with what it needs beside it, of a face's row with a vector of 180 numbers, and their parts. */
const [CODE, IN_MEMORY, ROW] = [64, 84, 900];
/** Pictures a second of one worker: 150 ms each. */
const PICTURES_PER_SECOND = 1 / 0.15;
const SIZES = [1e6, 1e7, 1e8, 1e9];

const ms = (value: number) => (value < 10 ? `${value.toFixed(1)} ms` : `${count(Math.round(value))} ms`);
const size = (bytes: number) =>
  bytes < 1e9
    ? `${(bytes / 1e6).toFixed(0)} MB`
    : bytes < 1e12
      ? `${(bytes / 1e9).toFixed(0)} GB`
      : `${(bytes / 1e12).toFixed(1)} TB`;
function duration(seconds: number): string {
  if (seconds < 1) return ms(1000 * seconds);
  if (seconds < 120) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  if (seconds < 7200) return `${(seconds / 60).toFixed(0)} min`;
  if (seconds < 172_800) return `${(seconds / 3600).toFixed(0)} h`;
  return `${count(Math.round(seconds / 86_400))} days`;
}

/** The tables by name, from the results in `folder`. */
export async function scaleTables(
  folder: string,
): Promise<Readonly<Record<"scale-measured" | "scale-plan" | "scale-vector", () => string>>> {
  const read = async <S extends z.ZodType>(file: string, schema: S): Promise<z.infer<S>> =>
    schema.parse(await readResult(join(folder, file)));
  const postgres = await read("postgres-search.json", Postgres);
  const search = await read("search.json", Search);
  const vector = await read("vector.json", Vector);
  const isThere = (file: string) => existsSync(join(folder, file));
  const rows = [
    ...(isThere("postgres-servers.json")
      ? serversRows(await read("postgres-servers.json", Postgres.extend({ servers: z.number() })))
      : []),
    ...(isThere("postgres-10m.json") ? [largerRow(await read("postgres-10m.json", Larger))] : []),
    ...(isThere("many-codes.json") ? [manyRow(await read("many-codes.json", Many))] : []),
    ...(isThere("work.json") ? workRows(await read("work.json", Work)) : []),
  ];
  return {
    "scale-measured": () => measuredTable(postgres, rows),
    "scale-vector": () => vectorTable(vector),
    "scale-plan": () => planTable(search, postgres),
  };
}

function measuredTable(
  { faces, load, ...times }: z.infer<typeof Postgres>,
  more: readonly (readonly string[])[],
): string {
  return table(
    ["measured", ""],
    [
      [`nearest 10 of ${count(faces)} faces in PostgreSQL, from memory`, ms(times.memoryMs)],
      [
        "the same in an SQLite gallery",
        `${ms(times.sqliteMs)}: memory over PostgreSQL takes ${times.memoryOverSqlite.toFixed(1)} times as long`,
      ],
      [
        "the same in SQL",
        `${ms(times.sqlMs)}: ${times.sqlOverMemory.toFixed(0)} times as long as from memory`,
      ],
      ["reading those codes when a process starts", duration(times.openSeconds)],
      loadRow(load),
      ...more,
    ],
  );
}

const loadRow = (load: z.infer<typeof Load>) => [
  `${load.clients} clients identifying without pause, ${load.addedPerSecond.toFixed(0)} faces/s added, ` +
    `${load.removedPerSecond.toFixed(0)} removed`,
  `${load.searchesPerSecond.toFixed(0)} searches/s, median ${ms(load.medianMs)}, 99 % within ${ms(load.p99Ms)}; ` +
    `${load.errors} errors, ${load.foundAfterRemoval} found after their removal, ${load.addedNotFound} not found after they were added`,
];

const serversRows = ({ faces, servers, ...spread }: z.infer<typeof Postgres> & { servers: number }) => [
  [
    `nearest 10 of ${count(faces)} faces on ${servers} servers, from memory; in an SQLite gallery; in SQL`,
    `${ms(spread.memoryMs)}; ${ms(spread.sqliteMs)} (${spread.memoryOverSqlite.toFixed(1)} times as long); ${ms(spread.sqlMs)}`,
  ],
  loadRow(spread.load),
];

const largerRow = ({ faces, ...larger }: z.infer<typeof Larger>) => [
  `nearest 10 of ${count(faces)} faces in PostgreSQL, from memory`,
  `${ms(larger.memoryMs)}, ${larger.memoryOverKernel.toFixed(2)} times an index of these codes alone; ` +
    `codes read in ${duration(larger.openSeconds)}, ${larger.megabytesBesideCodes.toFixed(0)} MB beside them`,
];

const manyRow = ({ codes, searchMs, gigabytesPerSecond }: z.infer<typeof Many>) => [
  `nearest 10 of ${count(codes)} codes in memory`,
  `${ms(searchMs)}, ${gigabytesPerSecond.toFixed(1)} GB/s`,
];

const workRows = ({ pictures, killed, one, two, twoOverOne }: z.infer<typeof Work>) => [
  [
    `${count(pictures)} aligned pictures imported by ${killed.workers} workers, one killed every ten seconds`,
    `${duration(killed.seconds)}; ${killed.kills} killed, ${count(killed.differentPictures)} pictures there, each once, ` +
      `${count(killed.refused)} too blurred and listed; ${killed.jobsFailed} jobs failed`,
  ],
  [
    "the same by one worker, and by two, none killed",
    `${one.picturesPerSecond.toFixed(0)} and ${two.picturesPerSecond.toFixed(0)} pictures/s: ${twoOverOne.toFixed(2)} times as fast`,
  ],
];

const vectorTable = ({ faces, k, ...found }: z.infer<typeof Vector>): string =>
  table(
    [`nearest ${k} of ${count(faces)} faces, in PGlite`, "time", ""],
    [
      ["PostgreSQL's own `bit_count`", ms(found.ownMs), ""],
      ["pgvector's `<~>`", ms(found.vectorMs), `${found.ownOverVector.toFixed(2)} times as fast`],
      [
        "pgvector's HNSW (`--approximate`)",
        ms(found.approximateMs),
        `finds ${(100 * found.recall).toFixed(1)} % of them`,
      ],
    ],
  );

function planTable(
  search: z.infer<typeof Search>,
  { faces: read, openSeconds }: z.infer<typeof Postgres>,
): string {
  return table(
    [
      "faces",
      "codes alone",
      "in memory",
      "rows in PostgreSQL",
      "one search, two cores",
      "memory rebuilt",
      "import by 10 workers",
    ],
    SIZES.map((faces) => [
      count(faces),
      size(CODE * faces),
      size(IN_MEMORY * faces),
      size(ROW * faces),
      duration((search.kernelThreadsMs / 1000) * (faces / search.codes)),
      duration(openSeconds * (faces / read)),
      duration(faces / (10 * PICTURES_PER_SECOND)),
    ]),
  );
}
