/** `deepid reproduce`: the paper's results beside ours; its tables alone (`tables`), and which results are out of date (`stale`). */
import { join } from "node:path";
import type { Command } from "commander";
import { checkWritable, writingTo } from "../../../base/files/index.ts";
import { count, duration, paragraph } from "../../../base/text/index.ts";
import { openLfw, picturesIn, readPairs } from "../../../faces/data/index.ts";
import {
  accuracyOf,
  measureTables,
  type PeerFiles,
  readPeer,
  writeTables,
} from "../../../lab/experiments/index.ts";
import { readResults, releasedModel, staleResults, staleText } from "../../../lab/results/index.ts";
import type { IdentificationSizes } from "../../../matching/protocols/index.ts";
import { addExamples, setAction } from "../../support/command.ts";
import { featureCacheOf, openCached } from "../../support/faces.ts";
import type { Io } from "../../support/io.ts";
import { addEngineOptions, type EngineOptions, existing } from "../../support/options.ts";
import { madeNow } from "../../support/results.ts";
import { addBesideOptions, addIdentificationSizes } from "../../support/studyOptions.ts";
import { addReproduceAll } from "./all.ts";

interface ReproduceTablesOptions extends EngineOptions, IdentificationSizes {
  readonly system: string;
  readonly baseline?: string;
  readonly peer?: readonly PeerFiles[];
  readonly images: string;
  readonly landmarks?: string;
  readonly pairs: string;
  readonly seeds: number;
  readonly cache?: string;
  readonly out: string;
}

/** `deepid reproduce`: the paper's results beside ours, on one page; `reproduce tables`: its tables alone. */
export function addReproduce(program: Command, io: Io): void {
  const reproduce = program
    .command("reproduce")
    .summary("the paper's results beside ours")
    .description("Measures what the paper reports and sets it beside the paper's own numbers.");
  addReproduceAll(reproduce, io);
  addTables(reproduce, io);
  addStale(reproduce, io);
  addExamples(reproduce, "deepid reproduce stale");
}

function addTables(reproduce: Command, io: Io): void {
  const command = reproduce
    .command("tables")
    .summary("Tables 1 to 4, Figures 3 to 5")
    .description(paragraph`
      Evaluates a system of nets on LFW and writes the paper's tables and figures with ours beside them:
      tables.json, SVG figures and index.html. Features are kept in the cache: a stopped run resumes where it
      was, and the next one takes minutes.
    `)
    .requiredOption("--system <folder>", "the system, from `deepid combine`, or one model", existing)
    .requiredOption("--images <path>", "LFW's pictures: folder, zip, tar or tgz", existing)
    .requiredOption("--pairs <file>", "LFW's pairs.txt", existing)
    .requiredOption("--out <folder>", "where everything goes");
  addBesideOptions(command);
  addIdentificationSizes(command);
  addEngineOptions(command);
  addExamples(
    command,
    "deepid reproduce tables --system models/regions --images lfw.tgz --landmarks landmarks_5pt.txt --pairs pairs.txt --out runs/tables",
    'deepid reproduce tables ... --peer "High-dim LBP=lfw-lbp.safetensors,lbp-matcher.safetensors"',
  );
  setAction<ReproduceTablesOptions>(command, io, async (_, options, output) => {
    const { out, images, landmarks, peer = [] } = options;
    checkWritable(out, "folder");
    const started = io.now();
    const pairs = await readPairs(options.pairs);
    const peers = await Promise.all(peer.map(readPeer));
    const only = options.seeds > 0 ? undefined : picturesIn(pairs); // identification asks about every picture
    const source = await openLfw({ images, landmarks, only });
    await using open = await openCached(source, options, io, output);
    const measured = await measureTables(
      { faces: open.faces, pairs, name: "LFW, View 2" },
      { ...options, peers, featureCache: featureCacheOf(options, io) },
      output,
    );
    const seconds = Math.round((io.now() - started) / 1000);
    await writingTo(out, () => writeTables(out, { measured, seconds }, madeNow(io)));
    const { combined, single, nets } = measured.tables;
    output.result(
      { page: join(out, "index.html"), seconds, ...measured },
      `${nets} ${nets === 1 ? "net" : "nets"} ${accuracyOf(combined)}, one ${accuracyOf(single)} of ${count(measured.tables.pairs)} ` +
        `pairs, ${duration(seconds)}\n${join(out, "index.html")} shows the tables`,
    );
  });
}

interface StaleOptions {
  readonly model: readonly string[];
}

const RELEASED = ["models/whole-face", "models/whole-face-taught", "models/regions", "models/regions-taught"];

/** `deepid reproduce stale`: which results no longer speak of the released models, and what renews each. */
export function addStale(reproduce: Command, io: Io): void {
  const command = reproduce
    .command("stale")
    .summary("which results are of an earlier model, and what renews them")
    .description(paragraph`
      Compares the model that each file of a results folder names with the models as they are now. For every
      stale file it prints why, and the command that measures it again.
    `)
    .argument("[results]", "folder of results", existing, "results")
    .option("--model <folders...>", "the released models", RELEASED);
  addExamples(command, "deepid reproduce stale", "deepid reproduce stale results --model models/mine");
  setAction<StaleOptions>(command, io, async ([folder], { model }, output) => {
    const results = await readResults(folder);
    const stale = staleResults(results, await Promise.all(model.map(releasedModel)));
    output.result(stale, staleText(stale, results.length));
  });
}
