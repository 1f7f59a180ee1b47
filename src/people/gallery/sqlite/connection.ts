/** A connection to SQLite, and what its refusals mean. */
import { closeSync, existsSync, openSync } from "node:fs";
import Database from "libsql";
import { DataError, InputError } from "../../../base/errors/index.ts";
import { emptyGallery } from "../check.ts";

/** A value of a column or parameter. */
export type Value = string | number | Uint8Array | null;

/** A connection; rows are arrays of values. */
export interface Connection {
  run(sql: string, ...values: Value[]): number;
  all<R extends readonly Value[]>(sql: string, ...values: Value[]): R[];
  get<R extends readonly Value[]>(sql: string, ...values: Value[]): R | undefined;
  /** Runs several statements, without values. */
  script(sql: string): void;
  /** All of `work` or none of it; nobody else writes meanwhile. */
  transaction<T>(work: () => T): T;
  /** `work`, waiting for other processes up to `ms` only. */
  waiting<T>(ms: number, work: () => T): T;
  close(): void;
}

/**
 * Opens the file at `path`; made if `create`. Commits are on disk when they return (synchronous = FULL), and what is
 * deleted is overwritten with zeros (secure_delete).
 */
export function connect(path: string, { create }: { readonly create: boolean }): Connection {
  if (!(create || existsSync(path))) throw emptyGallery(path);
  if (create && !existsSync(path)) makeForOwner(path);
  const db = guarded(path, () => new Database(path, { timeout: BUSY_MS }));
  const statements = new Map<string, Database.Statement>();
  const statement = (sql: string) => {
    const kept = statements.get(sql) ?? db.prepare(sql);
    statements.delete(sql);
    statements.set(sql, kept); // the last used is the last of the map
    if (statements.size > STATEMENTS) statements.delete(statements.keys().next().value!); // filters make new ones without end
    return kept;
  };
  // Values always go in one array: a single Uint8Array would be taken for named parameters.
  const query = (sql: string) => statement(sql).raw();
  const connection: Connection = {
    run: (sql, ...values) => guarded(path, () => Number(statement(sql).run(values as never).lastInsertRowid)),
    all: <R>(sql: string, ...values: Value[]) => guarded(path, () => query(sql).all(values as never) as R[]),
    get: <R>(sql: string, ...values: Value[]) =>
      guarded(path, () => query(sql).get(values as never) as R | undefined),
    script: (sql) => guarded(path, () => db.exec(sql)),
    transaction: (work) => guarded(path, () => db.transaction(work).immediate()),
    waiting(ms, work) {
      connection.get(`PRAGMA busy_timeout = ${ms}`);
      try {
        return work();
      } finally {
        connection.get(`PRAGMA busy_timeout = ${BUSY_MS}`);
      }
    },
    close: () => db.close(),
  };
  try {
    connection.script(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON;",
    );
  } catch (error) {
    db.close();
    throw error;
  }
  return connection;
}

/** How long a writer waits for another. */
const BUSY_MS = 10_000;
/** Most statements kept prepared. */
const STATEMENTS = 64;

const REFUSALS: Readonly<Record<string, string>> = {
  SQLITE_FULL: "no space left on the disk",
  SQLITE_READONLY: "it cannot be written",
  SQLITE_CANTOPEN: "it cannot be opened",
  SQLITE_IOERR: "the disk failed",
  SQLITE_PERM: "permission denied",
  SQLITE_BUSY: "in use by another process that does not finish",
  SQLITE_LOCKED: "in use by another process that does not finish",
};

/** An empty file that only its owner reads; SQLite's log takes the same mode. Where it cannot be, opening it says why. */
function makeForOwner(path: string): void {
  try {
    closeSync(openSync(path, "a", 0o600));
  } catch {}
}

/** Runs `work`; what SQLite refuses is said with the file's name. */
function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof InputError || error instanceof DataError || !(error instanceof Error)) throw error;
    const code = String((error as { code?: unknown }).code ?? "");
    if (code.startsWith("SQLITE_CORRUPT") || code.startsWith("SQLITE_NOTADB")) {
      throw new DataError(`${path}: not a gallery, or damaged: ${error.message}`, { cause: error });
    }
    const refusal = Object.entries(REFUSALS).find(([prefix]) => code.startsWith(prefix))?.[1];
    if (refusal) throw new InputError(`${path}: ${refusal}`, { cause: error });
    if (/Unable to open/.test(error.message)) {
      throw new InputError(`${path}: it cannot be opened`, { cause: error });
    }
    throw error;
  }
}
