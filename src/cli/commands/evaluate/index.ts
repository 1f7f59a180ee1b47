/** `deepid evaluate ...`: the field's protocols. */
import type { Command } from "commander";
import type { Io } from "../../support/io.ts";
import { addEvaluation } from "./evaluation.ts";
import { CODES, VERIFICATION, VIDEO } from "./pairs.ts";
import { BLUFR, GROUPS, IDENTIFICATION } from "./people.ts";

export function addEvaluate(program: Command, io: Io): void {
  const evaluate = program
    .command("evaluate")
    .summary("score a model")
    .description("Scores a model, a system of several, or any system's features by the field's protocols.");
  addEvaluation(evaluate, io, VERIFICATION);
  addEvaluation(evaluate, io, VIDEO);
  addEvaluation(evaluate, io, IDENTIFICATION);
  addEvaluation(evaluate, io, BLUFR);
  addEvaluation(evaluate, io, CODES);
  addEvaluation(evaluate, io, GROUPS);
}
