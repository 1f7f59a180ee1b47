/** Listing, renaming and merging the people of a gallery. No model is needed. */
import { type Command, Option } from "commander";
import { columns, count, counted } from "../../../base/text/index.ts";
import { contentText, type GalleryStore, STORE_LIMITS } from "../../../people/gallery/index.ts";
import { addExamples, setAction } from "../../support/command.ts";
import type { Io } from "../../support/io.ts";
import { wholeNumber } from "../../support/options.ts";
import { addStoreOption, type StoreOptions, withStore } from "../../support/place.ts";

interface ListOptions extends StoreOptions {
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
      const text = columns([...rows, ["in all", contentText(all)]]);
      output.result({ place: store.place, ...all, listed: people }, text);
    });
  });
}

export const addRename = (gallery: Command, io: Io): void =>
  addTwoNames(gallery.command("rename"), io, {
    summary: "give a person another name",
    description: "Renames a person; a name that another person has is refused.",
    names: { "<name>": "the person", "<to>": "the new name" },
    async act(store, name, to) {
      await store.rename(name, to);
      return [{ renamed: name, to }, `${name} is ${to} now`];
    },
  });

export const addMerge = (gallery: Command, io: Io): void =>
  addTwoNames(gallery.command("merge"), io, {
    summary: "two entries are one person",
    description: "Gives the faces of one person to another, and forgets the first name.",
    names: { "<name>": "whose faces move", "<into>": "who gets them" },
    async act(store, name, into) {
      const faces = await store.merge(name, into);
      return [{ merged: name, into, faces }, `${into} has ${counted(faces, "more face")}`];
    },
  });

interface TwoNames {
  readonly summary: string;
  readonly description: string;
  /** Its arguments, and what they are. */
  readonly names: Readonly<Record<string, string>>;
  /** What is printed, as data and as text. */
  act(store: GalleryStore, a: string, b: string): Promise<[data: object, text: string]>;
}

/** A command about two names. */
function addTwoNames(command: Command, io: Io, { summary, description, names, act }: TwoNames): void {
  command.summary(summary).description(description);
  for (const [name, what] of Object.entries(names)) command.argument(name, what);
  addStoreOption(command);
  addExamples(command, `deepid gallery ${command.name()} "A. Lee" "Ann Lee"`);
  setAction<StoreOptions>(command, io, async ([a, b], options, output) => {
    const [data, text] = await withStore(options, io, (store) => act(store, a, b));
    output.result(data, text);
  });
}
