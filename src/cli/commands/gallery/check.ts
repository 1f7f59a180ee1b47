/** `deepid gallery check`: is everything in it as it was written? */
import type { Command } from "commander";
import { DataError } from "../../../base/errors/index.ts";
import { count, paragraph } from "../../../base/text/index.ts";
import { checkText } from "../../../people/gallery/index.ts";
import { addExamples, setAction } from "../../support/command.ts";
import type { Io } from "../../support/io.ts";
import { addStoreOption, type StoreOptions, withStore } from "../../support/place.ts";

export function addCheck(gallery: Command, io: Io): void {
  const command = gallery
    .command("check")
    .summary("check everything for damage")
    .description(paragraph`
      Checks a whole gallery: the structure of an SQLite file, and the checksum of every person, face and thumbnail. In
      an encrypted gallery the checksums are keyed: with DEEPID_GALLERY_KEY it detects what somebody without the key
      has altered or swapped, names included. Exit code 3 where something is damaged.
    `);
  addStoreOption(command);
  addExamples(
    command,
    "deepid gallery check",
    "deepid gallery check --store people.sqlite --json",
    "deepid gallery export --salvage --out rest.jsonl --store damaged.sqlite",
  );
  setAction<StoreOptions>(command, io, async (_, options, output) => {
    const { place, ...found } = await withStore(options, io, async (store) => ({
      place: store.place,
      ...(await store.check(io.interrupt)),
    }));
    output.result({ place, sound: found.damage.length === 0, ...found }, checkText(found));
    if (found.damage.length > 0) {
      throw new DataError(
        `${place}: ${count(found.damage.length)} damaged; \`deepid gallery export --salvage\` writes what is sound`,
      );
    }
  });
}
