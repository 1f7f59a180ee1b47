/** A program for tests: adds faces to an SQLite gallery without end, and tells each one once it is durable. */
import { createHash } from "node:crypto";
import { writeSync } from "node:fs";
import { openSqliteStore } from "../../src/people/gallery/sqlite/sqliteStore.ts";
import { SUITE_SETTINGS } from "./storeSettings.ts";

/** The code of face number `i` of a writer. */
export const codeOfFace = (writer: string, i: number): Uint8Array =>
  new Uint8Array(createHash("sha512").update(`${writer} ${i}`).digest());

const [path, writer] = process.argv.slice(2);
if (path && writer) {
  const store = await openSqliteStore(path, SUITE_SETTINGS, { create: true });
  for (let i = 0; ; ) {
    const batch = Array.from({ length: 1 + (i % 3) }, (_, k) => i + k);
    const ids = await store.add(
      batch.map((k) => ({
        person: `person ${k % 7}`,
        code: codeOfFace(writer, k),
        vector: new Uint8Array(400).fill(k),
        fields: { writer, k },
      })),
    );
    // Straight to the pipe: what the kill interrupts was not told.
    writeSync(1, ids.map((id, k) => `${id} ${batch[k]}\n`).join(""));
    i += batch.length;
  }
}
