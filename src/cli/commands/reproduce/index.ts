/** `deepid reproduce`: the paper's results beside ours, on one page; `reproduce tables`: its tables alone. */

import { join } from "node:path";
import type { Command } from "commander";
import { checkWritable, writeFileAtomic, writingTo } from "../../../base/files/index.ts";
import { count, duration, formatPercent } from "../../../base/text/index.ts";
import { openLfw, picturesIn, readPairs } from "../../../faces/data/index.ts";
import {
  type MeasuredTables,
  measureTables,
  modelOf,
  onPage,
  type PeerFiles,
  readPeer,
  type TablesSection,
  tablesSections,
  writeFigures,
} from "../../../lab/experiments/index.ts";
import { PAPER_TRAINING, TABLE_4 } from "../../../lab/paper/index.ts";
import { htmlReport } from "../../../lab/report/index.ts";
import { type Made, resultText } from "../../../lab/results/index.ts";
import type { IdentificationSizes } from "../../../matching/protocols/index.ts";
import { featureCacheOf, openAligned } from "../../support/faces.ts";
import type { Io } from "../../support/io.ts";
import {
  addEngineOptions,
  addExamples,
  type EngineOptions,
  existing,
  setAction,
  wholeNumber,
} from "../../support/options.ts";
import type { OutputOptions } from "../../support/output.ts";
import { madeNow } from "../../support/results.ts";
import { gatherPeer } from "../../support/studyOptions.ts";
import { addIdentificationSizes } from "../evaluate/people.ts";
import { addReproduceAll } from "./all.ts";
import { addStale } from "./stale.ts";

interface ReproduceTablesOptions extends EngineOptions, IdentificationSizes, OutputOptions {
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

export function addReproduce(program: Command, io: Io): void {
  const reproduce = program
    .command("reproduce")
    .summary("the paper's results beside ours")
    .description("Measures what the paper reports and sets it beside the paper's own numbers.");
  addReproduceAll(reproduce, io);
  addTables(reproduce, io);
  addStale(reproduce, io);
}

function addTables(reproduce: Command, io: Io): void {
  const command = reproduce
    .command("tables")
    .summary("Tables 1 to 4, Figures 3 to 5")
    .description(
      "Evaluates a system of nets on LFW and writes the paper's tables and figures with ours beside them: " +
        "tables.json, SVG figures and index.html. Features are kept in the cache: a stopped run resumes where it " +
        "was, and the next one takes minutes.",
    )
    .requiredOption("--system <folder>", "the system, from `deepid combine`, or one model", existing)
    .requiredOption("--images <path>", "LFW's pictures: folder, zip, tar or tgz", existing)
    .requiredOption("--pairs <file>", "LFW's pairs.txt", existing)
    .requiredOption("--out <folder>", "where everything goes")
    .option("--landmarks <file>", "a line for each picture: name, x y of five points", existing)
    .option("--baseline <folder>", "a system of DeepID2 nets on the same regions, for Figure 3", existing)
    .option(
      "--peer <name=features[,matcher]>",
      "another system, by files of its features and of a matcher; may be repeated",
      gatherPeer,
    )
    .option("--seeds <n>", "draws of Table 3's lists, 0: leave it out", wholeNumber(0), 10)
    .option("--cache <folder>", "where faces and features are kept (default: ~/.cache/deepid2plus)");
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
    await using open = await openAligned(source, options, io, output);
    const measured = await measureTables(
      { faces: open.faces, pairs, name: "LFW, View 2" },
      { ...options, peers, featureCache: featureCacheOf(options, io) },
      output,
    );
    const seconds = Math.round((io.now() - started) / 1000);
    const sections = tablesSections(measured);
    await writingTo(out, () => writePage(out, { measured, sections, seconds }, madeNow(io)));
    const { combined, single, nets } = measured.tables;
    output.result(
      { page: join(out, "index.html"), seconds, ...measured },
      `${nets} ${nets === 1 ? "net" : "nets"} ${percentOf(combined)}, one ${percentOf(single)} of ${count(measured.tables.pairs)} ` +
        `pairs, ${duration(seconds)}\n${join(out, "index.html")} shows the tables`,
    );
  });
}

const percentOf = ({ accuracy: { mean, standardError } }: MeasuredTables["tables"]["single"]) =>
  formatPercent(mean, { digits: 2, error: standardError });

interface MeasuredPage {
  readonly measured: MeasuredTables;
  readonly sections: readonly TablesSection[];
  readonly seconds: number;
}

async function writePage(
  folder: string,
  { measured, sections, seconds }: MeasuredPage,
  made: Omit<Made, "model">,
): Promise<void> {
  await writeFigures(
    folder,
    sections.flatMap(({ figures = [] }) => figures),
  );
  await writeFileAtomic(
    join(folder, "tables.json"),
    resultText(
      { kind: "tables", model: modelOf(measured), data: measured.test, ...made },
      { seconds, ...measured },
    ),
  );
  const { system, tables, pictures } = measured;
  const html = htmlReport({
    title: "The paper's tables, and ours",
    summary:
      `Sun, Wang and Tang, "Deeply learned face representations are sparse, selective, and robust" (CVPR 2015), measured ` +
      `again with ${system.name}: ${tables.nets} nets that learned from ${count(system.trainedOn.pictures)} pictures of ` +
      `${count(system.trainedOn.people)} people (${system.trainedOn.source}); the paper's 25 from about ${count(PAPER_TRAINING.pictures)} of ` +
      `${count(PAPER_TRAINING.people)}.`,
    facts: [
      { label: `${tables.nets} nets on LFW`, value: percentOf(tables.combined) },
      { label: "the paper's 25", value: formatPercent(TABLE_4[1].jointBayesian, { digits: 2 }) },
      { label: "one net", value: percentOf(tables.single) },
      { label: "pictures tested on", value: count(pictures) },
    ],
    sections: sections.map((section) => ({ ...section, figures: section.figures?.map(onPage) })),
  });
  await writeFileAtomic(join(folder, "index.html"), html);
}
