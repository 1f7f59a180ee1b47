/** `deepid gallery`: the people of a gallery. */
import type { Command } from "commander";
import { paragraph } from "../../../base/text/index.ts";
import { addExamples } from "../../support/command.ts";
import type { Io } from "../../support/io.ts";
import { addChangeModel } from "./changeModel.ts";
import { addCheck } from "./check.ts";
import { addImport } from "./import.ts";
import { addList, addMerge, addRename } from "./people.ts";
import { addReceipts, addRekey } from "./receipts.ts";
import { addExport, addRestore } from "./transfer.ts";

export function addGallery(program: Command, io: Io): void {
  const gallery = program
    .command("gallery")
    .summary("known people: import, list, rename, merge, check, export, receipts")
    .description(paragraph`
      Looks after a gallery of known people, an SQLite file or a PostgreSQL database. With DEEPID_GALLERY_KEY in
      the environment (64 hexadecimal digits) vectors and thumbnails are kept encrypted.
    `);
  addImport(gallery, io);
  addList(gallery, io);
  addRename(gallery, io);
  addMerge(gallery, io);
  addCheck(gallery, io);
  addExport(gallery, io);
  addRestore(gallery, io);
  addReceipts(gallery, io);
  addRekey(gallery, io);
  addChangeModel(gallery, io);
  addExamples(
    gallery,
    "deepid gallery import people/",
    "deepid gallery list",
    'deepid gallery merge "A. Lee" "Ann Lee"',
  );
}
