/** `deepid bench shortlist`: does the search by codes find what Joint Bayesian would find among all? */

import type { Command } from "commander";
import { columns, count, formatPercent } from "../../../base/text/index.ts";
import { benchShortlist } from "../../../lab/bench/index.ts";
import { readFeatures } from "../../../matching/files/index.ts";
import { openSystem } from "../../../nets/models/index.ts";
import { checkSameNet } from "../../../nets/net/index.ts";
import { galleryModelOf } from "../../../people/recognizer/index.ts";
import type { Io } from "../../support/io.ts";
import {
  addExamples,
  addModelOption,
  countList,
  existing,
  setAction,
  wholeNumber,
} from "../../support/options.ts";
import { addOutOption, type BenchOptions, give, machine } from "./shared.ts";

interface ShortlistOptions extends BenchOptions {
  readonly model: string;
  readonly probes: number;
  readonly sizes: number[];
}

export function addShortlistBench(bench: Command, io: Io): void {
  const command = bench
    .command("shortlist")
    .summary("what the shortlist of codes misses")
    .description(
      "Looks for faces among all others, by Joint Bayesian alone and by Joint Bayesian on a shortlist of the nearest codes, " +
        "and says how often both find the same, and how much faster the shortlist is, both on one thread.",
    )
    .argument("<features>", "features by the model, from `deepid extract`", existing)
    .option("--probes <n>", "faces looked for, of people who have several", wholeNumber(1), 2000)
    .option("--sizes <list>", "sizes of the shortlist", countList, [50, 100, 200, 400, 800]);
  addOutOption(addModelOption(command));
  addExamples(
    command,
    "deepid bench shortlist lfw.safetensors",
    "deepid bench shortlist lfw.safetensors --sizes 200 --probes 500",
  );
  setAction<ShortlistOptions>(command, io, async ([path], options, output) => {
    const { set, provenance } = await readFeatures(path);
    const system = await openSystem(options.model, { threads: 1 });
    try {
      checkSameNet(path, { set, provenance }, system);
      const model = galleryModelOf(system);
      const measured = await benchShortlist(set, model, options, {
        now: io.now,
        onProgress: output.stage("looking for faces"),
      });
      const result = {
        machine: machine(),
        model: system.name,
        features: path.split(/[\\/]/).at(-1),
        ...measured,
      };
      const rows = measured.shortlists.map(
        ({ size, sameFace, samePerson, rank1, ms, speedup }) =>
          [
            `nearest ${count(size)}`,
            `${formatPercent(sameFace)} the same face, ${formatPercent(samePerson)} the same person, rank-1 ${formatPercent(rank1)}, ` +
              `${ms.toFixed(2)} ms, ${speedup.toFixed(1)} x as fast`,
          ] as const,
      );
      const text = columns([
        [
          "gallery",
          `${count(result.faces)} faces of ${count(result.people)} people, ${count(result.probes)} probes`,
        ],
        ["all faces", `rank-1 ${formatPercent(result.rank1)}, ${result.fullMs.toFixed(2)} ms`],
        ...rows,
      ]);
      await give(result, text, { out: options.out, output, io, data: result.features ?? "features" });
    } finally {
      await system.release();
    }
  });
}
