/** Exporting a gallery to a file and restoring it from one, whatever the stores. */
import type { Command } from "commander";
import { checkWritable } from "../../../base/files/index.ts";
import { count, paragraph } from "../../../base/text/index.ts";
import { type Damage, damageSkipped, exportGallery, restoreGallery } from "../../../people/gallery/index.ts";
import { registrationText } from "../../../people/recognizer/index.ts";
import { addExamples, setAction } from "../../support/command.ts";
import type { Io } from "../../support/io.ts";
import { existing } from "../../support/options.ts";
import { addStoreOption, keyFrom, type StoreOptions, withStore } from "../../support/place.ts";

interface ExportOptions extends StoreOptions {
  readonly out: string;
  readonly thumbnails?: boolean;
  readonly salvage?: boolean;
}

export function addExport(gallery: Command, io: Io): void {
  const command = gallery
    .command("export")
    .summary("everything as JSON lines")
    .description(paragraph`
      Writes people, codes, vectors and fields as JSON lines, for a backup or another store. What is encrypted
      stays so. Faces that are damaged are left out and listed (exit code 3).
    `)
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
    const onDamage = (one: Damage) => output.passedOver(damageSkipped(options.store, one));
    const how = { thumbnails, salvage, onDamage, signal: io.interrupt };
    const faces = await withStore(options, io, (store) => exportGallery(store, out, how));
    output.result({ out, faces }, `${out} holds ${count(faces)} faces`);
  });
}

export function addRestore(gallery: Command, io: Io): void {
  const command = gallery
    .command("restore")
    .summary("an exported gallery into a store")
    .description(paragraph`
      Adds the faces of an exported gallery to a new store, or to one made for the same model and key. Faces
      that are there already are not added again: repeating it adds nothing twice, and an interrupted restore
      resumes. An encrypted gallery needs its key, DEEPID_GALLERY_KEY. Lines that are no sound face are listed
      (exit code 3).
    `)
    .argument("<file>", "what `deepid gallery export` wrote", existing);
  addStoreOption(command);
  addExamples(command, "deepid gallery restore people.jsonl --store postgres://postgres@db1/faces");
  setAction<StoreOptions>(command, io, async ([file], { store: place }, output) => {
    const done = await restoreGallery(file, place, {
      ...keyFrom(io),
      onLeft: (reason) => output.passedOver({ file, reason }),
      onProgress: output.stage("restoring"),
      signal: io.interrupt,
    });
    output.result(done, registrationText(done));
  });
}
