/** Exporting a gallery to a file and restoring it from one, whatever the stores. */

import { createReadStream, createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import type { Command } from "commander";
import { checkWritable, writingTo } from "../../../base/files/index.ts";
import { count } from "../../../base/text/index.ts";
import { exportLines, importLines, openStore, readHeader } from "../../../people/gallery/index.ts";
import type { Io } from "../../support/io.ts";
import { addExamples, existing, setAction } from "../../support/options.ts";
import type { OutputOptions } from "../../support/output.ts";
import { addStoreOption, makeFolder, type StoreOptions, withStore } from "../../support/place.ts";

interface ExportOptions extends OutputOptions, StoreOptions {
  readonly out: string;
  readonly thumbnails?: boolean;
}

export function addExport(gallery: Command, io: Io): void {
  const command = gallery
    .command("export")
    .summary("everything as JSON lines")
    .description(
      "Writes people, codes, vectors and fields as JSON lines, for a backup or another store. What is encrypted stays so.",
    )
    .requiredOption("--out <file>", "where they go")
    .option("--thumbnails", "thumbnails, too");
  addStoreOption(command);
  addExamples(command, "deepid gallery export --out people.jsonl");
  setAction<ExportOptions>(command, io, async (_, options, output) => {
    const { out, thumbnails } = options;
    checkWritable(out, "file");
    const faces = await withStore(options, io, (store) =>
      writingTo(out, () => writeLines(out, exportLines(store, { thumbnails }))),
    );
    output.result({ out, faces: faces - 1 }, `${out} holds ${count(faces - 1)} faces`);
  });
}

/** Writes beside `out` and renames it into place; the number of lines. */
async function writeLines(out: string, lines: AsyncIterable<string>): Promise<number> {
  const part = `${out}.part`;
  let written = 0;
  const counted = async function* () {
    for await (const line of lines) {
      written++;
      yield line;
    }
  };
  try {
    // Biometric data: for the owner only.
    await pipeline(counted, createWriteStream(part, { flush: true, mode: 0o600 }));
    await rename(part, out);
    return written;
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

export function addRestore(gallery: Command, io: Io): void {
  const command = gallery
    .command("restore")
    .summary("an exported gallery into a store")
    .description(
      "Adds the faces of an exported gallery to a new store, or to one made for the same model and key.",
    )
    .argument("<file>", "what `deepid gallery export` wrote", existing);
  addStoreOption(command);
  addExamples(command, "deepid gallery restore people.jsonl --store postgres://postgres@db1/faces");
  setAction<OutputOptions & StoreOptions>(command, io, async ([file], { store: place }, output) => {
    const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })[
      Symbol.asyncIterator
    ]();
    const first = await lines.next();
    const settings = readHeader(first.done ? "" : first.value, file);
    await makeFolder(place);
    const store = await openStore(place, settings);
    try {
      const faces = await importLines(store, { [Symbol.asyncIterator]: () => lines }, file);
      output.result({ place: store.place, faces }, `${store.place} has ${count(faces)} more faces`);
    } finally {
      await store.close();
    }
  });
}
