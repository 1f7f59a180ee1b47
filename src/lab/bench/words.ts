/** What was timed, as rows of words. */
import { count, formatPercent } from "../../base/text/index.ts";
import type { GalleryBenchResult } from "./galleryBench.ts";
import type { SearchBenchResult } from "./searchBench.ts";
import type { Shortlist, ShortlistBenchResult } from "./shortlistBench.ts";
import type { StoreBenchResult } from "./storeBench.ts";
import type { Times, VerifyBenchResult } from "./verifyBench.ts";

type Rows = (readonly [what: string, howFast: string])[];

export function verifyRows({ crops, photos, photoSize, coldStart }: VerifyBenchResult): Rows {
  const text = ({ median, p95 }: Times) =>
    `${median.toFixed(0)} ms (of 20, one takes more than ${p95.toFixed(0)} ms)`;
  return [
    ["two aligned crops", text(crops)],
    [`two photos of ${photoSize}`, photos ? text(photos) : "no detector is installed"],
    ["deepid verify, cold", text(coldStart)],
  ];
}

export function galleryRows(result: GalleryBenchResult): Rows {
  const { singlesPerSecond, batchedPerSecond, openSeconds, fileMegabytes, firstSearchMs } = result;
  const perSecond = (value: number) => `${count(Math.round(value))} faces/s`;
  return [
    ["one by one", `${perSecond(singlesPerSecond)}, each durable`],
    [`${count(result.batch)} at a time`, `${perSecond(batchedPerSecond)}, durable together`],
    [
      "opening",
      `${openSeconds.toFixed(2)} s for ${count(result.faces)} faces (${fileMegabytes.toFixed(0)} MB)`,
    ],
    ["first search", `${firstSearchMs.toFixed(0)} ms, which starts the threads`],
  ];
}

export const storeRows = ({ faces, bits, held, rounds }: StoreBenchResult): Rows => [
  [
    "gallery",
    `${count(faces)} codes of ${bits} bits, ${held?.state === "held" ? "in memory" : "where it lies"}`,
  ],
  ...rounds.map(
    ({ clients, perSecond, medianMs, p99Ms }) =>
      [
        `${count(clients)} ${clients === 1 ? "client" : "clients"}`,
        `${perSecond.toFixed(1)} searches/s, median ${medianMs.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`,
      ] as const,
  ),
];

export function searchRows(result: SearchBenchResult): Rows {
  const { codes, bits, k, threads, faiss } = result;
  const ms = (value: number) => `${value.toFixed(2)} ms a query`;
  const times = (value: number) => `${(value / result.kernelMs).toFixed(1)} x our one thread`;
  const rows: Rows = [
    ["searched", `${codes} codes of ${bits} bits for the nearest ${k}`],
    ["reading all codes once", `${result.readMs.toFixed(2)} ms, the limit on one thread`],
    ["kernel, one thread", `${ms(result.kernelMs)}, ${result.kernelOverRead.toFixed(2)} x the limit`],
    [
      `kernel, ${threads} threads`,
      `${ms(result.kernelThreadsMs)}, ${result.threadsSpeedup.toFixed(2)} x as fast as one`,
    ],
    ["plain JavaScript", `${ms(result.plainMs)}, ${times(result.plainMs)}`],
  ];
  if (faiss) {
    rows.push([
      `faiss ${faiss.version}, one thread`,
      `${ms(faiss.oneThreadMs)}, ${times(faiss.oneThreadMs)}`,
    ]);
    rows.push([`faiss, ${threads} threads`, ms(faiss.threadsMs)]);
  }
  rows.push(["recall", String(result.recall)]);
  rows.push(["memory beside the codes", `${result.megabytesBesideCodes.toFixed(0)} MB`]);
  return rows;
}

const shortlistLines = (what: string, shortlists: readonly Shortlist[]): Rows =>
  shortlists.map(({ size, sameFace, samePerson, rank1, ms, speedup }) => [
    `${what} ${count(size)}`,
    `${formatPercent(sameFace)} the same face, ${formatPercent(samePerson)} the same person, rank-1 ${formatPercent(rank1)}, ` +
      `${ms.toFixed(2)} ms, ${speedup.toFixed(1)} x as fast`,
  ]);

export const shortlistRows = (result: ShortlistBenchResult): Rows => [
  [
    "gallery",
    `${count(result.faces)} faces of ${count(result.people)} people, ${count(result.probes)} probes`,
  ],
  ["all faces", `rank-1 ${formatPercent(result.rank1)}, ${result.fullMs.toFixed(2)} ms`],
  ...shortlistLines("nearest", result.shortlists),
  ...shortlistLines("by neurons that fire, nearest", result.ofNeurons),
];
