/**
 * Faults by a counter, as SQLite's own tests inject them: every write, fsync, rename and SQL step of a piece of work is
 * counted, and a hook may make one of them fail, or look at the disk before it happens.
 */
import fs from "node:fs";
import fsp, { type FileHandle } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import Database from "libsql";

/** Called before step `n` (from 1) happens; what it throws is what the step fails with. */
export type Hook = (n: number, what: string) => void;

let hook: Hook | undefined;
let steps = 0;

const step = (what: string): void => {
  if (hook) hook(++steps, what);
};

type Method = (...args: unknown[]) => unknown;

/** Puts `step` before a method of `owner`. */
function before(owner: object, name: string, what: (args: unknown[]) => string | undefined): void {
  const methods = owner as Record<string, Method>;
  const own = methods[name];
  methods[name] = function (this: unknown, ...args: unknown[]) {
    const said = what(args);
    if (said !== undefined) step(said);
    return own.apply(this, args);
  };
}

/** The same, where the method promises: its failure is a rejection. */
function beforeAsync(owner: object, name: string): void {
  const methods = owner as Record<string, Method>;
  const own = methods[name];
  methods[name] = async function (this: unknown, ...args: unknown[]) {
    step(name);
    return own.apply(this, args);
  };
}

const changes = (sql: string) =>
  /^\s*(?:BEGIN|COMMIT|INSERT|UPDATE|DELETE|CREATE|ALTER|PRAGMA wal)/i.test(sql);

let installed = false;

function install(): void {
  if (installed) return;
  installed = true;
  const open = fsp.open;
  fsp.open = async (...args: Parameters<typeof open>): Promise<FileHandle> => {
    const handle = await open(...args);
    if (args[1] !== undefined && args[1] !== "r" && typeof args[1] === "string") {
      for (const name of ["write", "writeFile", "sync"]) beforeAsync(handle, name);
    }
    return handle;
  };
  beforeAsync(fsp, "rename");
  beforeAsync(fsp, "appendFile");
  syncBuiltinESMExports();
  const prepare = Database.prototype.prepare;
  Database.prototype.prepare = function (this: Database.Database, sql: string) {
    const statement = prepare.call(this, sql);
    if (changes(sql)) for (const name of ["run", "get", "all"]) before(statement, name, () => sql);
    return statement;
  } as typeof prepare;
  before(Database.prototype, "exec", ([sql]) => (changes(String(sql)) ? String(sql) : undefined));
}

/** Runs `work` with `at` before each of its steps; how many there were. */
export async function withHook(at: Hook, work: () => Promise<unknown>): Promise<number> {
  install();
  [hook, steps] = [at, 0];
  try {
    await work();
  } finally {
    hook = undefined;
  }
  return steps;
}

/** What a full disk and a failing one say, in Node's words and in SQLite's. */
export const FAULTS = {
  ENOSPC: (what: string) =>
    isSql(what)
      ? Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" })
      : Object.assign(new Error(`ENOSPC: no space left on device, ${what}`), { code: "ENOSPC" }),
  EIO: (what: string) =>
    isSql(what)
      ? Object.assign(new Error("disk I/O error"), { code: "SQLITE_IOERR_WRITE" })
      : Object.assign(new Error(`EIO: i/o error, ${what}`), { code: "EIO" }),
} as const;

const isSql = (what: string) => changes(what);

/** A copy of what lies in `folder` now: what a process that is killed at this moment leaves behind. */
export function snapshot(folder: string, to: string): void {
  fs.cpSync(folder, to, { recursive: true, filter: (path) => !path.endsWith("-shm") });
}
