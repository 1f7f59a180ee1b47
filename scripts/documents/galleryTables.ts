/** Tables of docs/gallery.md and docs/photos.md about searching: how fast it is, and whom it takes for somebody. */
import { z } from "zod";
import { count, formatPercent } from "../../src/base/text/index.ts";
import { table } from "./table.ts";

const Machine = z.object({ cores: z.number() });
const Search = z.object({
  machine: Machine,
  codes: z.number(),
  k: z.number(),
  threads: z.number(),
  readMs: z.number(),
  kernelMs: z.number(),
  kernelThreadsMs: z.number(),
  faiss: z.object({ version: z.string(), oneThreadMs: z.number() }),
});
const Filled = z.object({
  faces: z.number(),
  batch: z.number(),
  singlesPerSecond: z.number(),
  batchedPerSecond: z.number(),
  openSeconds: z.number(),
  fileMegabytes: z.number(),
});
const Strangers = z.object({
  results: z.array(z.object({ faces: z.number(), accepted: z.record(z.string(), z.number()) })),
});

const ms = (value: number) => `${value.toFixed(1)} ms`;
const perSecond = (value: number) => `${count(Math.round(value))} faces/s`;

/** By the names that the documents use. */
export function galleryTables(read: (path: string) => unknown) {
  const search = Search.parse(read("results/search.json"));
  const filled = Filled.parse(read("results/gallery-speed.json"));
  const { results } = Strangers.parse(read("results/strangers.json"));
  return {
    "gallery-speed": () => speedTable(search, filled),
    strangers: () =>
      table(
        ["faces of the person", "impostors accepted, `--far 0.01`", "impostors accepted, `--far 0.001`"],
        results.map(({ faces, accepted }) => [
          String(faces),
          ...["0.01", "0.001"].map((rate) => formatPercent(accepted[rate], { digits: 2 })),
        ]),
      ),
  };
}

function speedTable(search: z.infer<typeof Search>, filled: z.infer<typeof Filled>): string {
  return table(
    ["what", `on ${search.machine.cores} cores`, "command"],
    [
      [
        `nearest ${search.k} of ${count(search.codes)} codes, one thread`,
        `${ms(search.kernelMs)} (faiss ${search.faiss.version}: ${ms(search.faiss.oneThreadMs)}; reading the codes once: ${ms(search.readMs)})`,
        "`deepid bench search`",
      ],
      [`the same, ${search.threads} threads`, ms(search.kernelThreadsMs), ""],
      [
        `adding faces, ${filled.batch} per transaction`,
        perSecond(filled.batchedPerSecond),
        "`deepid bench gallery`",
      ],
      ["adding faces, one per transaction", perSecond(filled.singlesPerSecond), ""],
      [
        `opening a gallery of ${count(filled.faces)} faces (${filled.fileMegabytes.toFixed(0)} MB)`,
        `${filled.openSeconds.toFixed(1)} s`,
        "",
      ],
    ],
  );
}
