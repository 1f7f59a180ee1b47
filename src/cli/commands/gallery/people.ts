/** Listing, renaming and merging the people of a gallery. No model is needed. */

import { type Command, Option } from "commander";
import { columns, count } from "../../../base/text/index.ts";
import { STORE_LIMITS } from "../../../people/gallery/index.ts";
import type { Io } from "../../support/io.ts";
import { addExamples, setAction, wholeNumber } from "../../support/options.ts";
import { addStoreOption, type StoreOptions, withStore } from "../../support/place.ts";

interface PeopleOptions extends StoreOptions {}

interface ListOptions extends PeopleOptions {
  readonly after: string;
  readonly limit: number;
}

export function addList(gallery: Command, io: Io): void {
  const command = gallery
    .command("list")
    .summary("who is in it")
    .description("Lists people by name, with the number of their faces.")
    .addOption(new Option("--after <name>", "names after this one").default(""))
    .option("--limit <n>", "people at most", wholeNumber(1), 1000);
  addStoreOption(command);
  addExamples(command, "deepid gallery list", 'deepid gallery list --after "Kim" --limit 20 --json');
  setAction<ListOptions>(command, io, async (_, options, output) => {
    const { after, limit } = options;
    await withStore(options, io, async (store) => {
      const people = await store.people({ after, limit: Math.min(limit, STORE_LIMITS.page) });
      const all = await store.count();
      const rows = people.map(({ name, faces }) => [name, count(faces)] as const);
      const total = `${count(all.people)} people, ${count(all.faces)} faces`;
      output.result(
        { place: store.place, ...all, listed: people },
        `${columns([...rows, ["in all", total]])}`,
      );
    });
  });
}

export function addRename(gallery: Command, io: Io): void {
  const command = gallery
    .command("rename")
    .summary("give a person another name")
    .description("Renames a person; a name that another person has is refused.")
    .argument("<name>", "the person")
    .argument("<to>", "the new name");
  addStoreOption(command);
  addExamples(command, 'deepid gallery rename "A. Lee" "Ann Lee"');
  setAction<PeopleOptions>(command, io, async ([name, to], options, output) => {
    await withStore(options, io, (store) => store.rename(name, to));
    output.result({ renamed: name, to }, `${name} is ${to} now`);
  });
}

export function addMerge(gallery: Command, io: Io): void {
  const command = gallery
    .command("merge")
    .summary("two entries are one person")
    .description("Gives the faces of one person to another, and forgets the first name.")
    .argument("<name>", "whose faces move")
    .argument("<into>", "who gets them");
  addStoreOption(command);
  addExamples(command, 'deepid gallery merge "A. Lee" "Ann Lee"');
  setAction<PeopleOptions>(command, io, async ([name, into], options, output) => {
    const faces = await withStore(options, io, (store) => store.merge(name, into));
    output.result({ merged: name, into, faces }, `${into} has ${count(faces)} more faces`);
  });
}
