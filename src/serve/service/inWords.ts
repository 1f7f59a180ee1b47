/** Keys and audit logs in words, and without secrets. */
import { columns, count } from "../../base/text/index.ts";
import type { AuditCheck } from "./auditCheck.ts";
import { type ApiKey, isValid } from "./keys.ts";

/** A key without the hash of its secret. */
export interface ShownKey extends Omit<ApiKey, "sha256"> {
  readonly valid: boolean;
}

/** The keys as they may be shown, and whether each is valid at `now`. */
export const shownKeys = (keys: readonly ApiKey[], now: Date): ShownKey[] =>
  keys.map(({ sha256, ...key }) => ({ ...key, valid: isValid({ ...key, sha256 }, now) }));

/** A line for each key: its scope, whom it is for, since when and until when. */
export const keysText = (keys: readonly ShownKey[]): string =>
  keys.length === 0
    ? "no keys"
    : columns(
        keys.map(({ id, scope, name, created, ...key }) => [
          id,
          `${scope}, ${name}, since ${created}${endOf(key)}`,
        ]),
      );

function endOf({ revoked, expires, valid }: Pick<ShownKey, "revoked" | "expires" | "valid">): string {
  if (revoked) return `, revoked ${revoked}`;
  if (!expires) return "";
  return `, ${valid ? "until" : "expired"} ${expires}`;
}

/** What to say of a log that is intact. */
export const auditText = ({ lines, unchained, head }: AuditCheck): string =>
  columns([
    [
      "intact",
      `${count(lines)} lines follow from one another${unchained > 0 ? ` (the first ${count(unchained)} have none)` : ""}`,
    ],
    ["head", head ?? "none"],
  ]);
