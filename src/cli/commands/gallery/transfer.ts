/** Exporting a gallery to a file and restoring it from one, whatever the stores. */
import { createWriteStream, statSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { Command } from "commander";
import { checkWritable, readLinesOf, writingTo } from "../../../base/files/index.ts";
import { count } from "../../../base/text/index.ts";
import {
  type Damage,
  exportLines,
  importLines,
  openStore,
  readHeader,
} from "../../../people/gallery/index.ts";
import type { Io } from "../../support/io.ts";
import { addExamples, existing, setAction } from "../../support/options.ts";
import type { OutputOptions } from "../../support/output.ts";
import { addStoreOption, keyFrom, makeFolder, type StoreOptions, withStore } from "../../support/place.ts";

interface ExportOptions extends OutputOptions, StoreOptions {
  readonly out: string;
  readonly thumbnails?: boolean;
  readonly salvage?: boolean;
}

export function addExport(gallery: Command, io: Io): void {
  const command = gallery
    .command("export")
    .summary("everything as JSON lines")
    .description(
      "Writes people, codes, vectors and fields as JSON lines, for a backup or another store. What is encrypted stays so. " +
        "Faces that are damaged are left out and listed (exit code 3).",
    )
    .requiredOption("--out <file>", "where they go")
    .option("--thumbnails", "thumbnails, too")
    .option("--salvage", "of a damaged gallery: what can be read of it");
  addStoreOption(command);
  addExamples(
    command,
    "deepid gallery export --out people.jsonl",
    "deepid gallery export --salvage --out rest.jsonl --store damaged.sqlite",
  );
  setAction<ExportOptions>(command, io, async (_, options, output) => {
    const { out, thumbnails, salvage } = options;
    checkWritable(out, "file");
    const onDamage = ({ face, person, name, reason }: Damage) => {
      const who = [face && `face ${face}`, person && `person ${person}`, name].filter(Boolean).join(", ");
      output.passedOver(`${options.store}: ${who}: ${reason}`);
    };
    const faces = await withStore(options, io, (store) =>
      writingTo(out, () => writeLines(out, exportLines(store, { thumbnails, salvage, onDamage }))),
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
      "Adds the faces of an exported gallery to a new store, or to one made for the same model and key. Faces that are " +
        "there already are not added again: repeating it adds nothing twice, and an interrupted restore resumes. An encrypted " +
        "gallery needs its key, DEEPID_GALLERY_KEY. Lines that are no sound face are listed (exit code 3).",
    )
    .argument("<file>", "what `deepid gallery export` wrote", existing);
  addStoreOption(command);
  addExamples(command, "deepid gallery restore people.jsonl --store postgres://postgres@db1/faces");
  setAction<OutputOptions & StoreOptions>(command, io, async ([file], { store: place }, output) => {
    const lines = readLinesOf(file);
    const first = await lines.next();
    const settings = readHeader(first.done ? "" : first.value.text, file);
    await makeFolder(place);
    const { key } = keyFrom(io);
    const store = await openStore(place, settings, { key });
    try {
      const update = output.stage("restoring");
      const total = Math.max(1, countLines(file));
      const done = await importLines(store, { [Symbol.asyncIterator]: () => lines }, file, {
        key,
        onLeft: output.passedOver,
        onProgress: (faces) => update(faces, Math.max(faces, total)),
        signal: io.interrupt,
      });
      const all = await store.count();
      output.result(
        { place: store.place, ...done, ...all },
        `${store.place}: ${count(done.added)} faces added, ${count(done.known)} there already; ` +
          `${count(all.people)} people, ${count(all.faces)} faces in all`,
      );
    } finally {
      await store.close();
    }
  });
}

/** About how many lines a file has, by its size. */
const countLines = (file: string) => Math.round(statSync(file).size / LINE_BYTES);
/** A face of the released models as a line. */
const LINE_BYTES = 2500;
