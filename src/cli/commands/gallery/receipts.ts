/** Receipts of removals, shown again, and another key for a gallery. */
import { type Command, Option } from "commander";
import { DataError, InputError, Interruption } from "../../../base/errors/index.ts";
import { FILE_LIMITS, readForeign } from "../../../base/files/index.ts";
import { count, paragraph } from "../../../base/text/index.ts";
import {
  type Damage,
  damageLine,
  parseKey,
  receiptsText,
  receiptText,
  STORE_LIMITS,
} from "../../../people/gallery/index.ts";
import { addExamples, setAction } from "../../support/command.ts";
import type { Io } from "../../support/io.ts";
import { existing, wholeNumber } from "../../support/options.ts";
import { addStoreOption, type StoreOptions, withStore } from "../../support/place.ts";

interface ListOptions extends StoreOptions {
  readonly limit: number;
}

export function addReceipts(gallery: Command, io: Io): void {
  const list = gallery
    .command("receipts")
    .summary("what was erased, the newest first")
    .description("Lists the receipts of removals. They hold numbers and no names.")
    .option("--limit <n>", "receipts at most", wholeNumber(1), 100);
  addStoreOption(list);
  addExamples(list, "deepid gallery receipts", "deepid gallery receipts --limit 1 --json");
  setAction<ListOptions>(list, io, async (_, options, output) => {
    const limit = Math.min(options.limit, STORE_LIMITS.page);
    const receipts = await withStore(options, io, (store) => store.receipts({ limit }));
    output.result({ receipts }, receiptsText(receipts));
  });
  const show = gallery
    .command("receipt")
    .summary("the receipt of a removal once more")
    .argument("<number>", "its number", wholeNumber(1));
  addStoreOption(show);
  addExamples(show, "deepid gallery receipt 12 --json");
  setAction<StoreOptions>(show, io, async ([number], options, output) => {
    const receipt = await withStore(options, io, (store) => store.receipt(Number(number)));
    if (!receipt) throw new InputError(`${options.store}: there is no receipt ${number}`);
    output.result(receipt, receiptText(receipt));
  });
}

interface RekeyOptions extends StoreOptions {
  readonly newKey?: string;
  readonly decrypt?: boolean;
}

export function addRekey(gallery: Command, io: Io): void {
  const command = gallery
    .command("rekey")
    .summary("change the encryption key")
    .description(paragraph`
      Seals every vector and thumbnail with another key, all of them or none. The present key, if there is one,
      is in DEEPID_GALLERY_KEY. A gallery that was open until now becomes encrypted. Services that have it open
      refuse to change it until they are started with the new key.
    `)
    .addOption(new Option("--new-key <file>", "a file with the new key").argParser(existing))
    .addOption(new Option("--decrypt", "remove the encryption").conflicts("newKey"));
  addStoreOption(command);
  addExamples(command, "openssl rand -hex 32 > new.key && deepid gallery rekey --new-key new.key");
  setAction<RekeyOptions>(command, io, async (_, options, output) => {
    const { newKey, decrypt, store: place } = options;
    if (newKey === undefined && !decrypt) throw new InputError("rekey: give --new-key, or --decrypt");
    const text = newKey === undefined ? undefined : await readForeign(newKey, FILE_LIMITS.small);
    const key = text && parseKey(text.toString("utf8"));
    const damage: Damage[] = [];
    const how = { onDamage: (found: Damage) => damage.push(found), signal: io.interrupt };
    const done = await withStore(options, io, (store) => store.rekey(key, how)).catch((error) => {
      if (!(error instanceof Interruption)) throw error;
      throw new Interruption(`stopped; nothing was changed: ${place} has the key that it had`);
    });
    const state = `${count(done.faces)} faces are ${key ? "sealed with the new key" : "not encrypted any more"}`;
    output.result({ place, ...done, damage }, `${place}: ${state}`);
    for (const what of done.pending) output.note(`pending: ${what}`);
    if (damage.length === 0) return;
    const named = damage.map(damageLine).join("\n");
    throw new DataError(`${place}: left as they were, since they had been altered before:\n${named}`);
  });
}
