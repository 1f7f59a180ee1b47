/** `deepid bench`: how fast is it here? */
import type { Command } from "commander";
import type { Io } from "../../support/io.ts";
import { addExamples } from "../../support/options.ts";
import { addGalleryBench } from "./gallery.ts";
import { addSearchBench } from "./search.ts";
import { addShortlistBench } from "./shortlist.ts";
import { addVerifyBench } from "./verify.ts";

export function addBench(program: Command, io: Io): void {
  const bench = program
    .command("bench")
    .summary("how fast is it here?")
    .description("Times what people wait for, on this machine. It should be quiet: results name its load.");
  addVerifyBench(bench, io);
  addGalleryBench(bench, io);
  addSearchBench(bench, io);
  addShortlistBench(bench, io);
  addExamples(bench, "deepid bench verify", "deepid bench gallery --faces 1000000 --out gallery.json");
}
