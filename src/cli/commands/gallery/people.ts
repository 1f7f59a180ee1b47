/** Listing, renaming, merging and removing the people of a gallery. No model is needed. */
import { type Command, Option } from "commander";
import { writeFileAtomic } from "../../../files/index.ts";
import { STORE_LIMITS } from "../../../gallery/index.ts";
import { writingTo } from "../../failure.ts";
import type { Io } from "../../io.ts";
import { addExamples, setAction, wholeNumber } from "../../options.ts";
import type { OutputOptions } from "../../output.ts";
import { columns, count } from "../../wording.ts";
import { storeOption, withStore } from "./place.ts";

interface StoreOptions extends OutputOptions {
  readonly store: string;
}

interface ListOptions extends StoreOptions {
  readonly after: string;
  readonly limit: number;
}

interface RemoveOptions extends StoreOptions {
  readonly face?: number;
  readonly receipt?: string;
}

export function addList(gallery: Command, io: Io): void {
  const command = gallery
    .command("list")
    .summary("who is in it")
    .description("Lists people by name, with the number of their faces.")
    .addOption(storeOption())
    .addOption(new Option("--after <name>", "names after this one").default(""))
    .option("--limit <n>", "people at most", wholeNumber(1), 1000);
  addExamples(command, "deepid gallery list", 'deepid gallery list --after "Kim" --limit 20 --json');
  setAction<ListOptions>(command, io, async (_, { store: place, after, limit }, output) => {
    await withStore(place, async (store) => {
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
    .argument("<to>", "the new name")
    .addOption(storeOption());
  addExamples(command, 'deepid gallery rename "A. Lee" "Ann Lee"');
  setAction<StoreOptions>(command, io, async ([name, to], { store: place }, output) => {
    await withStore(place, (store) => store.rename(name, to));
    output.result({ renamed: name, to }, `${name} is ${to} now`);
  });
}

export function addMerge(gallery: Command, io: Io): void {
  const command = gallery
    .command("merge")
    .summary("two entries are one person")
    .description("Gives the faces of one person to another, and forgets the first name.")
    .argument("<name>", "whose faces move")
    .argument("<into>", "who gets them")
    .addOption(storeOption());
  addExamples(command, 'deepid gallery merge "A. Lee" "Ann Lee"');
  setAction<StoreOptions>(command, io, async ([name, into], { store: place }, output) => {
    const faces = await withStore(place, (store) => store.merge(name, into));
    output.result({ merged: name, into, faces }, `${into} has ${count(faces)} more faces`);
  });
}

export function addRemove(gallery: Command, io: Io): void {
  const command = gallery
    .command("remove")
    .summary("erase a person, with a receipt")
    .description(
      "Erases codes, vectors, thumbnails and fields of a person, or of one face, checks that they are gone, and " +
        "prints what was erased and how that was checked.",
    )
    .argument("[name]", "the person")
    .option("--face <id>", "one face instead", wholeNumber(1))
    .option("--receipt <file>", "write the receipt as JSON, too")
    .addOption(storeOption());
  addExamples(
    command,
    'deepid gallery remove "Ann Lee" --receipt ann.json',
    "deepid gallery remove --face 17",
  );
  setAction<RemoveOptions>(command, io, async ([name], { store: place, face, receipt }, output) => {
    if ((name === undefined) === (face === undefined))
      command.error("error: give a name, or --face and no name");
    const done = await withStore(place, async (store) => ({
      place: store.place,
      model: store.settings.model,
      ...(face === undefined ? await store.removePerson(name) : await store.removeFace(face)),
    }));
    if (receipt) {
      await writingTo(receipt, () => writeFileAtomic(receipt, `${JSON.stringify(done, null, 2)}\n`));
    }
    const lines = [
      ["person", done.personRemoved ? `${done.person}, removed` : done.person],
      [
        "erased",
        `${count(done.codes)} codes, ${count(done.vectors)} vectors, ${count(done.thumbnails)} thumbnails`,
      ],
      ...done.checks.map((check) => ["checked", check]),
      ...done.pending.map((what) => ["pending", what]),
    ] as [string, string][];
    output.result(done, columns(lines));
  });
}
