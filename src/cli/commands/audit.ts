/** `deepid audit`: the service's audit log. */
import type { Command } from "commander";
import { DataError } from "../../base/errors/index.ts";
import { columns, count } from "../../base/text/index.ts";
import { verifyAuditLog } from "../../serve/service/index.ts";
import type { Io } from "../support/io.ts";
import { addExamples, existing, setAction } from "../support/options.ts";
import type { OutputOptions } from "../support/output.ts";

/** Where `deepid serve` writes it, unless told otherwise. */
const AUDIT_FILE = "deepid-data/audit.jsonl";

interface VerifyOptions extends OutputOptions {
  readonly head?: string;
}

export function addAudit(program: Command, io: Io): void {
  const audit = program
    .command("audit")
    .summary("the service's audit log")
    .description("Checks the audit log that `deepid serve` writes.");
  const command = audit
    .command("verify")
    .summary("whether it is as it was written")
    .description(
      "Follows the chain of hashes through the log: a line that was altered, left out or put in shows. Keep the head that " +
        "is printed somewhere else: given again as --head, it shows whether lines were cut off the end, too.",
    )
    .argument("[file]", "the audit log", existing, AUDIT_FILE)
    .option("--head <hash>", "the head of an earlier check");
  addExamples(command, "deepid audit verify", "deepid audit verify deepid-data/audit.jsonl --json");
  setAction<VerifyOptions>(command, io, async ([file = AUDIT_FILE], { head }, output) => {
    const check = await verifyAuditLog(file, { head });
    const { lines, unchained, broken } = check;
    if (broken) throw new DataError(`${file}, line ${broken.line}: ${broken.reason}`);
    const older = unchained > 0 ? ` (the first ${count(unchained)} have none)` : "";
    output.result(
      check,
      columns([
        ["intact", `${count(lines)} lines follow from one another${older}`],
        ["head", check.head ?? "none"],
      ]),
    );
  });
}
