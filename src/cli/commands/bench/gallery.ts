/** `deepid bench gallery`: enrolling and opening. */

import type { Command } from "commander";
import { InputError } from "../../../base/errors/index.ts";
import { columns, count } from "../../../base/text/index.ts";
import { benchGallery, type GalleryBenchOptions } from "../../../lab/bench/index.ts";
import type { Io } from "../../support/io.ts";
import { addExamples, setAction, wholeNumber } from "../../support/options.ts";
import { addOutOption, type BenchOptions, give, machine } from "./shared.ts";

export function addGalleryBench(bench: Command, io: Io): void {
  const command = bench
    .command("gallery")
    .summary("enrolling faces and opening a gallery")
    .description(
      "Times adding faces whose codes are known to an SQLite gallery, one by one and in batches, each on the disk before " +
        "the call returns; then fills it and times opening it. Works in the folder for temporary files.",
    )
    .option("--faces <n>", "faces in the gallery that is opened", wholeNumber(1), 1_000_000)
    .option("--bits <n>", "bits of a code", wholeNumber(32), 512)
    .option("--dimension <n>", "numbers in the vector of a face, 0 for codes alone", wholeNumber(0), 100)
    .option("--singles <n>", "faces added one by one", wholeNumber(1), 3000)
    .option("--batch <n>", "faces added at a time", wholeNumber(1), 128);
  addOutOption(command);
  addExamples(command, "deepid bench gallery", "deepid bench gallery --faces 100000 --dimension 0");
  setAction<BenchOptions & GalleryBenchOptions>(command, io, async (_, options, output) => {
    if (options.bits % 32 !== 0) throw new InputError(`--bits must be a multiple of 32, got ${options.bits}`);
    const { json: _json, quiet: _quiet, out, ...asked } = options;
    const measured = await benchGallery(asked, { now: io.now, onProgress: output.stage("filling") });
    const result = { machine: machine(), ...measured };
    const perSecond = (value: number) => `${count(Math.round(value))} faces/s`;
    const text = columns([
      ["one by one", `${perSecond(result.singlesPerSecond)}, each durable`],
      [`${count(result.batch)} at a time`, `${perSecond(result.batchedPerSecond)}, durable together`],
      [
        "opening",
        `${result.openSeconds.toFixed(2)} s for ${count(result.faces)} faces (${result.fileMegabytes.toFixed(0)} MB)`,
      ],
      ["first search", `${result.firstSearchMs.toFixed(0)} ms, which starts the threads`],
    ]);
    await give(result, text, { out, output, io, data: "random codes" });
  });
}
