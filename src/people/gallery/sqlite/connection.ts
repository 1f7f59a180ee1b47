/** A connection to SQLite, and what its refusals mean. */
import { closeSync, existsSync, openSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import Database from "libsql";
import { DataError, InputError } from "../../../base/errors/index.ts";
import { systemReason } from "../../../base/files/index.ts";
import { emptyGallery } from "../check.ts";
import { longQuery } from "./longWork.ts";

/** A value of a column or parameter. */
export type Value = string | number | Uint8Array | null;

/** A connection; rows are arrays of values. */
export interface Connection {
  /** Whether the file or its folder cannot be written, and is only read. */
  readonly readOnly: boolean;
  run(sql: string, ...values: Value[]): number;
  all<R extends readonly Value[]>(sql: string, ...values: Value[]): R[];
  get<R extends readonly Value[]>(sql: string, ...values: Value[]): R | undefined;
  /** Runs several statements, without values. */
  script(sql: string): void;
  /** All of `work` or none of it; nobody else writes meanwhile. */
  transaction<T>(work: () => T): T;
  /** The same, but while another process writes this thread goes on with other things. */
  change<T>(work: () => T): Promise<T>;
  /** The same for work that lets this thread do other things: nothing else may be asked of this connection meanwhile. */
  longChange<T>(work: () => Promise<T>): Promise<T>;
  /** The rows of a query that takes long, asked in a thread of SQLite's own; given up when `signal` is aborted. */
  long<R extends readonly Value[]>(sql: string, signal?: AbortSignal): Promise<R[]>;
  /** `work`, waiting for other processes up to `ms` only. */
  waiting<T>(ms: number, work: () => T): T;
  close(): void;
}

/**
 * Opens the file at `path`; made if `create`. Commits are on disk when they return (synchronous = FULL), and what is
 * deleted is overwritten with zeros (secure_delete). What cannot be written is opened for reading.
 */
export function connect(path: string, { create }: { readonly create: boolean }): Connection {
  if (!(create || existsSync(path))) throw emptyGallery(path);
  if (existsSync(path) && !statSync(path).isFile()) {
    throw new InputError(`${path}: a gallery is a file, and this is a folder, a pipe or a device`);
  }
  const isNew = sizeOf(path) === 0;
  if (create && !existsSync(path)) makeForOwner(path);
  let connection: Connection | undefined;
  try {
    connection = connectAs(path, path);
    connection.script(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON;",
    );
    connection.get("SELECT count(*) FROM sqlite_schema"); // a log that cannot be made is noticed at the first look
    return connection;
  } catch (error) {
    connection?.close();
    if (!(error instanceof CannotWrite) || isNew) throw error;
    return connectReadOnly(path);
  }
}

/**
 * Reads a file that cannot be written. SQLite keeps the latest changes in a log beside it, whose index it has to write
 * even to read. Where another process has made that index it can be shared; where there are no changes in a log the file
 * is read as it stands; else somebody who may write there has to open it first.
 */
function connectReadOnly(path: string): Connection {
  const ways = ["mode=ro", ...(sizeOf(`${path}-wal`) === 0 ? ["mode=ro&immutable=1"] : [])];
  for (const way of ways) {
    let connection: Connection | undefined;
    try {
      connection = connectAs(path, `${pathToFileURL(resolve(path)).href}?${way}`, true);
      connection.get("SELECT count(*) FROM sqlite_schema");
      return connection;
    } catch (error) {
      connection?.close();
      if (!(error instanceof CannotWrite)) throw error;
    }
  }
  throw new InputError(
    `${path}: its last changes lie in ${path}-wal, and to read them this program has to write in ${dirname(resolve(path))}: ` +
      "allow it to, or have somebody who may open the gallery once",
  );
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** A connection to `address`, which is the file at `path`. */
function connectAs(path: string, address: string, readOnly = false): Connection {
  const db = guarded(path, () => new Database(address, { timeout: BUSY_MS }));
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
  const retried = async <T>(work: () => T): Promise<T> => {
    for (let waited = 0; ; waited += RETRY_MS) {
      try {
        return connection.waiting(0, work);
      } catch (error) {
        if (!isBusy(error) || waited >= BUSY_MS) throw error;
        await sleep(RETRY_MS);
      }
    }
  };
  const connection: Connection = {
    readOnly,
    run: (sql, ...values) => guarded(path, () => Number(statement(sql).run(values as never).lastInsertRowid)),
    all: <R>(sql: string, ...values: Value[]) => guarded(path, () => query(sql).all(values as never) as R[]),
    get: <R>(sql: string, ...values: Value[]) =>
      guarded(path, () => query(sql).get(values as never) as R | undefined),
    script: (sql) => guarded(path, () => db.exec(sql)),
    transaction: (work) => guarded(path, () => transact(db, work)),
    change: (work) => retried(() => connection.transaction(work)),
    async longChange(work) {
      await retried(() => connection.script("BEGIN IMMEDIATE"));
      try {
        const result = await work();
        connection.script("COMMIT");
        return result;
      } catch (error) {
        rollBack(db);
        throw error;
      }
    },
    async long(sql, signal) {
      try {
        return await longQuery(address, sql, signal);
      } catch (error) {
        return guarded(path, () => {
          throw error;
        });
      }
    },
    waiting(ms, work) {
      connection.get(`PRAGMA busy_timeout = ${ms}`);
      try {
        return work();
      } finally {
        connection.get(`PRAGMA busy_timeout = ${BUSY_MS}`);
      }
    },
    close() {
      try {
        // The file alone then holds everything, for whoever may only read it or copies it.
        if (!readOnly) connection.waiting(0, () => connection.get("PRAGMA wal_checkpoint(TRUNCATE)"));
      } catch {} // the log keeps what it holds, and the next to open the gallery takes it up
      db.close();
    },
  };
  return connection;
}

function transact<T>(db: Database.Database, work: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    rollBack(db);
    throw error;
  }
}

/** After a failure, which is told; a full disk has rolled back already. */
function rollBack(db: Database.Database): void {
  try {
    db.exec("ROLLBACK");
  } catch {}
}

/** Whether another process had the file when `error` was thrown: nothing has happened then. */
const isBusy = (error: unknown): boolean =>
  String(((error as Error).cause as { code?: unknown } | undefined)?.code).startsWith("SQLITE_BUSY");

/** How long a writer waits for another, and between two tries. */
const [BUSY_MS, RETRY_MS] = [10_000, 10];
/** Most statements kept prepared. */
const STATEMENTS = 64;

/** The file, or something beside it, cannot be written. */
export class CannotWrite extends InputError {}

const REFUSALS: Readonly<Record<string, string>> = {
  SQLITE_FULL: "no space left on the disk",
  SQLITE_IOERR: "the disk failed",
  SQLITE_NOMEM: "not enough memory",
  SQLITE_BUSY: "in use by another process that does not finish",
  SQLITE_LOCKED: "in use by another process that does not finish",
};

/** What SQLite says where its driver passes no code on. */
const CANNOT_WRITE = /unable to open|readonly database/i;

/** An empty file that only its owner reads; SQLite's log takes the same mode. */
function makeForOwner(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600)); // never one that is there: see heldFile.ts
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") return; // another process was faster
    throw new CannotWrite(`${path}: cannot be written: ${systemReason(cause) ?? (cause as Error).message}`, {
      cause,
    });
  }
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
    // Not even the index of its log fits on the disk: it can still be read.
    if (code === "SQLITE_IOERR_SHMSIZE")
      throw new CannotWrite(`${path}: no space left on the disk`, { cause: error });
    if (/^SQLITE_(?:READONLY|CANTOPEN|PERM)/.test(code) || CANNOT_WRITE.test(error.message)) {
      const isOpening = code.startsWith("SQLITE_CANTOPEN") || /unable to open/i.test(error.message);
      throw new CannotWrite(`${path}: it cannot be ${isOpening ? "opened" : "written"}`, { cause: error });
    }
    const refusal = Object.entries(REFUSALS).find(([prefix]) => code.startsWith(prefix))?.[1];
    if (refusal) throw new InputError(`${path}: ${refusal}`, { cause: error });
    throw error;
  }
}
