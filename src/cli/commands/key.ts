/** What the service keeps beside its gallery: API keys (`key`) and the audit log (`audit`). */
import { type Command, InvalidArgumentError, Option } from "commander";
import { DataError } from "../../base/errors/index.ts";
import { writingTo } from "../../base/files/index.ts";
import { paragraph } from "../../base/text/index.ts";
import {
  auditText,
  createKey,
  keysText,
  readKeys,
  revokeKey,
  SCOPES,
  type Scope,
  shownKeys,
  verifyAuditLog,
} from "../../serve/service/index.ts";
import { addExamples, setAction } from "../support/command.ts";
import type { Io } from "../support/io.ts";
import { existing } from "../support/options.ts";

interface KeyOptions {
  readonly keys: string;
  readonly name: string;
  readonly scope: Scope;
  readonly expires?: Date;
}

/** Where keys are kept, beside the gallery, unless told otherwise. */
export const KEYS_FILE = "deepid-data/keys.json";

/** `deepid key`: API keys of the service. */
export function addKey(program: Command, io: Io): void {
  const key = program
    .command("key")
    .summary("API keys of the service")
    .description(paragraph`
      Makes, lists and revokes the API keys of \`deepid serve\`. Running services notice at once. To
      rotate a key, create another, give it to the client, and revoke the first.
    `);
  addCreate(key, io);
  addList(key, io);
  addRevoke(key, io);
  addExamples(
    key,
    "deepid key create --name shop --scope write",
    "deepid key list",
    "deepid key revoke 1f0c33a95b2d",
  );
}

const keysOption = () => new Option("--keys <file>", "the file of keys").default(KEYS_FILE);

function addCreate(parent: Command, io: Io): void {
  const command = parent
    .command("create")
    .summary("makes a key and shows it, once")
    .requiredOption("--name <text>", "who it is for")
    .addOption(
      new Option("--scope <scope>", "read: ask; write: change the gallery, too; admin: metrics, too")
        .choices(SCOPES)
        .default("read"),
    )
    .option("--expires <date>", "the last moment, like 2027-01-31", date)
    .addOption(keysOption());
  addExamples(command, "deepid key create --name shop --scope write --expires 2027-01-31");
  setAction<KeyOptions>(command, io, async (_, { keys, name, scope, expires }, output) => {
    const made = await writingTo(keys, () => createKey(keys, { name, scope, expires }, new Date()));
    const { sha256: _hash, ...shown } = made.key;
    output.result({ ...shown, token: made.token }, made.token);
    output.note("Keep it now: only its hash is kept here. Clients send it as x-api-key.");
    if (made.first) output.note("It is the first: from now on clients on this machine need a key, too.");
  });
}

function addList(parent: Command, io: Io): void {
  const command = parent
    .command("list")
    .summary("shows the keys, without their secrets")
    .addOption(keysOption());
  addExamples(command, "deepid key list", "deepid key list --keys deepid-data/keys.json --json");
  setAction<KeyOptions>(command, io, async (_, { keys: file }, output) => {
    const keys = shownKeys(await readKeys(file), new Date());
    output.result({ keys }, keysText(keys));
  });
}

function addRevoke(parent: Command, io: Io): void {
  const command = parent
    .command("revoke")
    .summary("makes a key invalid, at once and for good")
    .argument("<id>", "the key's id, its part between the underscores")
    .addOption(keysOption());
  addExamples(command, "deepid key revoke 1f0c33a95b2d");
  setAction<KeyOptions>(command, io, async ([id], { keys }, output) => {
    const { revoked } = await writingTo(keys, () => revokeKey(keys, id, new Date()));
    output.result({ id, revoked }, `${id} is revoked`);
  });
}

function date(text: string): Date {
  const value = new Date(text);
  if (/^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(value.getTime())) return value;
  throw new InvalidArgumentError("A date like 2027-01-31 is needed.");
}

/** Where `deepid serve` writes it, unless told otherwise. */
const AUDIT_FILE = "deepid-data/audit.jsonl";

interface VerifyOptions {
  readonly head?: string;
}

/** `deepid audit`: the service's audit log. */
export function addAudit(program: Command, io: Io): void {
  const audit = program
    .command("audit")
    .summary("the service's audit log")
    .description("Checks the audit log that `deepid serve` writes.");
  const command = audit
    .command("verify")
    .summary("check that it has not been altered")
    .description(paragraph`
      Follows the chain of hashes through the log and detects lines that were altered, removed or inserted. Store
      the head that is printed somewhere else: given as --head later, it also reveals lines cut off the end.
    `)
    .argument("[file]", "the audit log", existing, AUDIT_FILE)
    .option("--head <hash>", "the head of an earlier check");
  addExamples(command, "deepid audit verify", "deepid audit verify deepid-data/audit.jsonl --json");
  setAction<VerifyOptions>(command, io, async ([file = AUDIT_FILE], { head }, output) => {
    const check = await verifyAuditLog(file, { head });
    if (check.broken) throw new DataError(`${file}, line ${check.broken.line}: ${check.broken.reason}`);
    output.result(check, auditText(check));
  });
}
