/** PostgreSQL with pgvector inside the test's process (PGlite), as a server that the gallery's SQL can be asked of. */
import { PGlite } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";
import type { Queries, Server } from "../../src/people/gallery/index.ts";

/** A new database; with `extension` pgvector is made available in it. */
export async function openPglite(extension = true): Promise<Server> {
  const db = await PGlite.create({ extensions: { vector } });
  if (extension) await db.exec("CREATE EXTENSION vector");
  const over = (asked: Pick<PGlite, "query" | "exec">): Queries => ({
    async query(sql, values = []) {
      if (values.length === 0) {
        const answers = await asked.exec(sql); // several statements, as the driver allows without values
        const last = answers[answers.length - 1];
        return { rows: last?.rows ?? [], rowCount: last?.affectedRows ?? null };
      }
      const { rows, affectedRows } = await asked.query(sql, [...values]);
      return { rows, rowCount: affectedRows ?? null };
    },
  });
  return {
    place: "PGlite",
    address: { host: "none", port: "0", database: "none", user: "none", password: "" },
    query: over(db).query,
    transaction: (work) => db.transaction((tx) => work(over(tx))),
    listen: async () => ({ alive: false, close: async () => {} }),
    close: () => db.close(),
  };
}
