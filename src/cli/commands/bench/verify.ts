/** `deepid bench verify`: what people wait for. */

import type { Command } from "commander";
import { columns } from "../../../base/text/index.ts";
import { benchVerify, type Times } from "../../../lab/bench/index.ts";
import { openLocator } from "../../../people/recognizer/index.ts";
import type { Io } from "../../support/io.ts";
import {
  addEngineOptions,
  addExamples,
  addModelOption,
  type EngineOptions,
  setAction,
  wholeNumber,
} from "../../support/options.ts";
import { addDetectorOption } from "../../support/photos.ts";
import { addOutOption, type BenchOptions, give, machine } from "./shared.ts";

interface VerifyOptions extends BenchOptions, EngineOptions {
  readonly model: string;
  readonly detector?: string;
  readonly rounds: number;
  readonly starts: number;
}

export function addVerifyBench(bench: Command, io: Io): void {
  const command = bench
    .command("verify")
    .summary("verifying two faces, warm and from the start")
    .description(
      "Times verify on drawn faces: a warm recognizer on two aligned crops and on two photos, and the program itself from " +
        "its start to its end.",
    )
    .option("--rounds <n>", "pairs", wholeNumber(1), 50)
    .option("--starts <n>", "starts of the program", wholeNumber(1), 10);
  addOutOption(addEngineOptions(addDetectorOption(addModelOption(command))));
  addExamples(command, "deepid bench verify", "deepid bench verify --model models/regions --out verify.json");
  setAction<VerifyOptions>(command, io, async (_, options, output) => {
    const { model, provider, threads, rounds, starts, out } = options;
    const locator = await openLocator(options.detector);
    try {
      const asked = { model, provider, threads, locator, rounds, starts };
      const measured = await benchVerify(asked, { now: io.now, onProgress: output.stage("verifying") });
      const result = {
        machine: machine(),
        detector: locator?.name ?? null,
        threads,
        rounds,
        starts,
        ...measured,
      };
      const text = ({ median, p95 }: Times) =>
        `${median.toFixed(0)} ms (of 20, one takes more than ${p95.toFixed(0)} ms)`;
      const rows = [
        ["two aligned crops", text(result.crops)],
        [
          `two photos of ${result.photoSize}`,
          result.photos ? text(result.photos) : "no detector is installed",
        ],
        ["deepid verify, cold", text(result.coldStart)],
      ] as const;
      await give(result, columns(rows), { out, output, io, data: "drawn faces" });
    } finally {
      await locator?.release();
    }
  });
}
