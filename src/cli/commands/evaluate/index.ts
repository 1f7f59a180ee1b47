/** `deepid evaluate ...`: one file for each of the field's protocols. */
import type { Command } from "commander";
import type { Io } from "../../support/io.ts";
import { addBlufr } from "./blufr.ts";
import { addCodes } from "./codes.ts";
import { addGroups } from "./groups.ts";
import { addIdentification } from "./identification.ts";
import { addVerification } from "./verification.ts";
import { addVideo } from "./video.ts";

export function addEvaluate(program: Command, io: Io): void {
  const evaluate = program
    .command("evaluate")
    .summary("score a model")
    .description("Scores a model, a system of several, or any system's features by the field's protocols.");
  for (const add of [addVerification, addVideo, addIdentification, addBlufr, addCodes, addGroups])
    add(evaluate, io);
}
