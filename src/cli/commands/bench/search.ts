/** `deepid bench search`: searching codes. */

import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { InputError } from "../../../base/errors/index.ts";
import { columns } from "../../../base/text/index.ts";
import {
  benchCodes,
  benchSearch,
  findFaiss,
  type SearchBenchOptions,
  type SearchBenchResult,
  timeFaiss,
} from "../../../lab/bench/index.ts";
import type { Io } from "../../support/io.ts";
import { addExamples, setAction, wholeNumber } from "../../support/options.ts";
import { addOutOption, type BenchOptions, give, machine } from "./shared.ts";

interface SearchOptions extends BenchOptions, SearchBenchOptions {
  readonly python?: string;
}

export function addSearchBench(bench: Command, io: Io): void {
  const command = bench
    .command("search")
    .summary("searching codes")
    .description(
      "Times the exact search for the nearest codes, one query at a time, beside reading the codes once, a scan in " +
        "plain JavaScript, and faiss where Python has it. The machine should be quiet.",
    )
    .option("--codes <n>", "codes searched", wholeNumber(1), 1_000_000)
    .option("--bits <n>", "bits of a code", wholeNumber(32), 512)
    .option("--k <n>", "nearest codes wanted", wholeNumber(1), 10)
    .option("--threads <n>", "threads beside the one-thread figure", wholeNumber(1), availableParallelism())
    .option("--rounds <n>", "queries", wholeNumber(1), 50)
    .option("--python <path>", "a Python with faiss (default: python3, then /usr/bin/python3)");
  addOutOption(command);
  addExamples(
    command,
    "deepid bench search",
    "deepid bench search --codes 10000000 --rounds 20 --out search.json",
  );
  setAction<SearchOptions>(command, io, async (_, options, output) => {
    if (options.bits % 32 !== 0) throw new InputError(`--bits must be a multiple of 32, got ${options.bits}`);
    const { json: _json, quiet: _quiet, python, out, ...asked } = options;
    const { queries, ...ours } = await benchSearch(asked, {
      now: io.now,
      onProgress: output.stage("queries"),
    });
    const withFaiss = findFaiss([python, "python3", "/usr/bin/python3"]);
    if (!withFaiss) output.note("faiss: no Python has it (Debian: apt-get install python3-faiss)");
    const faiss = withFaiss && (await timeFaiss(withFaiss, benchCodes(asked), queries, asked));
    const result = { machine: machine(), ...ours, ...(faiss && { faiss }) };
    await give(result, describe(result), { out, output, io, data: "random codes" });
  });
}

function describe(result: SearchBenchResult): string {
  const { codes, bits, k, threads, faiss } = result;
  const ms = (value: number) => `${value.toFixed(2)} ms a query`;
  const times = (value: number) => `${(value / result.kernelMs).toFixed(1)} x our one thread`;
  return columns([
    ["searched", `${codes} codes of ${bits} bits for the nearest ${k}`],
    ["reading all codes once", `${result.readMs.toFixed(2)} ms, the limit on one thread`],
    ["kernel, one thread", `${ms(result.kernelMs)}, ${result.kernelOverRead.toFixed(2)} x the limit`],
    [
      `kernel, ${threads} threads`,
      `${ms(result.kernelThreadsMs)}, ${result.threadsSpeedup.toFixed(2)} x as fast as one`,
    ],
    ["plain JavaScript", `${ms(result.plainMs)}, ${times(result.plainMs)}`],
    ...(faiss
      ? [
          [
            `faiss ${faiss.version}, one thread`,
            `${ms(faiss.oneThreadMs)}, ${times(faiss.oneThreadMs)}`,
          ] as const,
          [`faiss, ${threads} threads`, ms(faiss.threadsMs)] as const,
        ]
      : []),
    ["recall", String(result.recall)],
    ["memory beside the codes", `${result.megabytesBesideCodes.toFixed(0)} MB`],
  ]);
}
