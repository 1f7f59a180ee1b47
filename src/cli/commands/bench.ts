/** `deepid bench`: how fast is it here? */
import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { checkWritable } from "../../base/files/index.ts";
import { columns, paragraph } from "../../base/text/index.ts";
import {
  benchCodes,
  benchGallery,
  benchSearch,
  benchShortlist,
  benchStore,
  benchVerify,
  findFaiss,
  type GalleryBenchOptions,
  galleryRows,
  machine,
  type SearchBenchOptions,
  type StoreBenchOptions,
  searchRows,
  shortlistRows,
  storeRows,
  timeFaiss,
  verifyRows,
} from "../../lab/bench/index.ts";
import { type MeasuredModel, releasedModel, writeResult } from "../../lab/results/index.ts";
import { openLocator } from "../../people/recognizer/index.ts";
import { addExamples, setAction } from "../support/command.ts";
import type { Io } from "../support/io.ts";
import {
  addEngineOptions,
  addModelOption,
  countList,
  type EngineOptions,
  existing,
  threadCount,
  wholeNumber,
} from "../support/options.ts";
import type { Output, OutputOptions } from "../support/output.ts";
import { addDetectorOption } from "../support/photos.ts";
import { type MemoryChoice, memoryOption } from "../support/place.ts";
import { madeNow } from "../support/results.ts";

export function addBench(program: Command, io: Io): void {
  const bench = program
    .command("bench")
    .summary("measure speed on this machine")
    .description("Times common operations on this machine. It should be idle: results record its load.");
  addVerifyBench(bench, io);
  addGalleryBench(bench, io);
  addSearchBench(bench, io);
  addShortlistBench(bench, io);
  addExamples(bench, "deepid bench verify", "deepid bench gallery --faces 1000000 --out gallery.json");
}

interface BenchOptions extends OutputOptions {
  readonly out?: string;
}

/** What was measured, on what, and how it is printed. */
interface Timed {
  readonly result: object;
  readonly rows: readonly (readonly [string, string])[];
  readonly data: string;
  readonly model?: MeasuredModel;
}

/** Makes `time` the action of a benchmark: what it measures is printed, and written where --out says so. */
function setBench<O extends object>(
  command: Command,
  io: Io,
  time: (options: O & BenchOptions, output: Output, args: readonly string[]) => Promise<Timed>,
): void {
  command.option("--out <file>", "write the result as JSON, too");
  setAction<O & BenchOptions>(command, io, async (args, options, output) => {
    const { out } = options;
    if (out !== undefined) checkWritable(out, "file");
    const { result: measured, rows, ...about } = await time(options, stoppable(output), args);
    const result = { machine: machine(), ...measured };
    await writeResult(out, { kind: "speed", ...about, ...madeNow(io) }, result);
    output.result(result, columns(rows));
  });
}

/** The same output, whose progress ends the benchmark when the user has had enough. */
const stoppable = (output: Output): Output => ({
  ...output,
  stage(what) {
    const told = output.stage(what);
    return (...progress) => {
      output.signal.throwIfAborted();
      told(...progress);
    };
  },
});

interface VerifyOptions extends EngineOptions {
  readonly model: string;
  readonly detector?: string;
  readonly rounds: number;
  readonly starts: number;
}

export function addVerifyBench(bench: Command, io: Io): void {
  const command = bench
    .command("verify")
    .summary("verifying two faces, warm and from the start")
    .description(paragraph`
      Times verify on drawn faces: a warm recognizer on two aligned crops and on two photos, and the program
      itself from its start to its end.
    `)
    .option("--rounds <n>", "pairs", wholeNumber(1), 50)
    .option("--starts <n>", "starts of the program", wholeNumber(1), 10);
  addEngineOptions(addDetectorOption(addModelOption(command)));
  addExamples(command, "deepid bench verify", "deepid bench verify --model models/regions --out verify.json");
  setBench<VerifyOptions>(command, io, async ({ detector, ...options }, output) => {
    const { model, provider, threads, rounds, starts } = options;
    const locator = await openLocator(detector);
    try {
      const asked = { model, provider, threads, locator, rounds, starts };
      const times = await benchVerify(asked, { now: io.now, onProgress: output.stage("verifying") });
      const result = { detector: locator?.name ?? null, threads, rounds, starts, ...times };
      return { result, rows: verifyRows(times), data: "drawn faces", model: await releasedModel(model) };
    } finally {
      await locator?.release();
    }
  });
}

type GalleryOptions = GalleryBenchOptions &
  MemoryChoice &
  Omit<StoreBenchOptions, "memory" | "store"> & { readonly store?: string };

/** `deepid bench gallery`: enrolling and opening, or searching one that is there. */
export function addGalleryBench(bench: Command, io: Io): void {
  const command = bench
    .command("gallery")
    .summary("enrolling faces and opening a gallery; searching one by several clients")
    .description(paragraph`
      Times adding faces whose codes are known to an SQLite gallery, one by one and in batches, each on the disk
      before the call returns; then fills it and times opening it. Works in the folder for temporary files. With
      --store it searches an existing gallery instead, and changes nothing in it.
    `)
    .option("--faces <n>", "faces in the gallery that is opened", wholeNumber(1, 1e9), 1_000_000)
    .option("--bits <n>", "bits of a code", codeBits, 512)
    .option("--dimension <n>", "numbers in the vector of a face, 0 for codes alone", wholeNumber(0), 100)
    .option("--singles <n>", "faces added one by one", wholeNumber(1), 3000)
    .option("--batch <n>", "faces added at a time", wholeNumber(1), 128)
    .option("--store <place>", "search this gallery: an SQLite file, or postgres://user@host/database")
    .option("--clients <list>", "with --store: searching at once", countList, [1, 10, 50])
    .option("--seconds <n>", "with --store: for so long each", wholeNumber(1), 10)
    .addOption(memoryOption());
  addExamples(
    command,
    "deepid bench gallery",
    "deepid bench gallery --store postgres://localhost/faces --memory 2GB",
  );
  setBench<GalleryOptions>(command, io, async (options, output) => {
    const { json: _json, quiet: _quiet, out: _out, store, clients, seconds, memory, ...asked } = options;
    if (store !== undefined) {
      const how = { store, clients, seconds, memory: memory ? { bytes: memory } : undefined };
      const measured = await benchStore(how, { now: io.now, onProgress: output.stage("rounds") });
      return { result: { seconds, ...measured }, rows: storeRows(measured), data: "random codes" };
    }
    const result = await benchGallery(asked, { now: io.now, onProgress: output.stage("filling") });
    return { result, rows: galleryRows(result), data: "random codes" };
  });
}

interface SearchOptions extends SearchBenchOptions {
  readonly python?: string;
}

/** `deepid bench search`: searching codes. */
export function addSearchBench(bench: Command, io: Io): void {
  const command = bench
    .command("search")
    .summary("searching codes")
    .description(paragraph`
      Times the exact search for the nearest codes, one query at a time, beside reading the codes once, a scan
      in plain JavaScript, and faiss where Python has it. The machine should be quiet.
    `)
    .option("--codes <n>", "codes searched", wholeNumber(1), 1_000_000)
    .option("--bits <n>", "bits of a code", codeBits, 512)
    .option("--k <n>", "nearest codes wanted", wholeNumber(1), 10)
    .option("--threads <n>", "threads beside the one-thread figure", threadCount, availableParallelism())
    .option("--rounds <n>", "queries", wholeNumber(1), 50)
    .option("--python <path>", "a Python with faiss (default: python3, then /usr/bin/python3)");
  addExamples(
    command,
    "deepid bench search",
    "deepid bench search --codes 10000000 --rounds 20 --out search.json",
  );
  setBench<SearchOptions>(command, io, async (options, output) => {
    const { json: _json, quiet: _quiet, out: _out, python, ...asked } = options;
    const progress = { now: io.now, onProgress: output.stage("queries") };
    const { queries, ...ours } = await benchSearch(asked, progress);
    const withFaiss = findFaiss([python, "python3", "/usr/bin/python3"]);
    if (!withFaiss) output.note("faiss: no Python has it (Debian: apt-get install python3-faiss)");
    const faiss = withFaiss && (await timeFaiss(withFaiss, benchCodes(asked), queries, asked));
    const result = { ...ours, ...(faiss && { faiss }) };
    return { result, rows: searchRows(result), data: "random codes" };
  });
}

interface ShortlistOptions {
  readonly model: string;
  readonly probes: number;
  readonly sizes: number[];
}

/** `deepid bench shortlist`: does the search by codes find what Joint Bayesian would find among all? */
export function addShortlistBench(bench: Command, io: Io): void {
  const command = bench
    .command("shortlist")
    .summary("what the shortlist of codes misses")
    .description(paragraph`
      Looks for faces among all others, by Joint Bayesian alone and by Joint Bayesian on a shortlist of the
      nearest codes, and says how often both find the same, and how much faster the shortlist is, both on one
      thread.
    `)
    .argument("<features>", "features by the model, from `deepid extract`", existing)
    .option("--probes <n>", "faces looked for, of people who have several", wholeNumber(1), 2000)
    .option("--sizes <list>", "sizes of the shortlist", countList, [50, 100, 200, 400, 800]);
  addModelOption(command);
  addExamples(
    command,
    "deepid bench shortlist lfw.safetensors",
    "deepid bench shortlist lfw.safetensors --sizes 200 --probes 500",
  );
  setBench<ShortlistOptions>(command, io, async (options, output, [path]) => {
    const how = { now: io.now, onProgress: output.stage("looking for faces") };
    const measured = await benchShortlist(path, options.model, options, how);
    const data = basename(path);
    const of = await releasedModel(options.model);
    return { result: { features: data, ...measured }, rows: shortlistRows(measured), data, model: of };
  });
}

/** Codes are words of 32 bits. */
function codeBits(text: string): number {
  const bits = wholeNumber(32)(text);
  if (bits % 32 === 0) return bits;
  throw new InvalidArgumentError("A multiple of 32 is needed.");
}
