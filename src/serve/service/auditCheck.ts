/** Whether an audit log is as it was written. */
import { DataError } from "../../base/errors/index.ts";
import { readLinesOf } from "../../base/files/index.ts";
import { chained, parted } from "./audit.ts";

export interface AuditCheck {
  readonly file: string;
  /** Lines, and those of an older program before the chain begins, which nothing protects. */
  readonly lines: number;
  readonly unchained: number;
  /** The hash of the last line: kept elsewhere, it shows later that lines were cut off the end. */
  readonly head: string | null;
  /** The first line that does not fit, and why; null: all fit. */
  readonly broken: { readonly line: number; readonly reason: string } | null;
}

/** Follows the chain of `file`; `head`, from an earlier check, must be the hash of one of its lines. */
export async function verifyAuditLog(
  file: string,
  { head }: { readonly head?: string } = {},
): Promise<AuditCheck> {
  let [chain, lines, unchained] = ["", 0, 0];
  let found = head === undefined;
  const checked = (reason: string | null): AuditCheck => ({
    file,
    lines,
    unchained,
    head: chain || null,
    broken: reason === null ? null : { line: lines, reason },
  });
  for await (const { text, number } of readLinesOf(file)) {
    lines = number;
    const parts = parted(text);
    if (!parts) {
      if (chain !== "") return checked("it has no hash, or is no line of an audit log");
      if (!/^\{"time":.*\}$/.test(text))
        throw new DataError(`${file}, line ${number}: no line of an audit log`);
      unchained++;
      continue;
    }
    const wanted = chained(chain, parts.entry);
    if (parts.chain !== wanted) {
      return checked(
        "its hash does not follow from the line before: one of the two was altered, or lines are missing",
      );
    }
    chain = wanted;
    found ||= chain === head;
  }
  return checked(
    found ? null : "no line has the hash of the earlier check: lines were cut off, or all were written anew",
  );
}
