/** What a gallery file was made for. */
import { z } from "zod";
import { DataError, schemaProblems } from "../../../base/errors/index.ts";
import { emptyGallery } from "../check.ts";
import type { StoreSettings } from "../store.ts";
import type { Connection } from "./connection.ts";

const schema = z.object({
  model: z.string().min(1),
  codeBytes: z.coerce.number().int().positive().multipleOf(4),
  dimension: z.coerce.number().int().min(0),
  keyCheck: z.string(),
});

/** The settings in the file; undefined in one that was just made. */
export function readSettings(db: Connection, place: string): StoreSettings | undefined {
  const rows = db.all<[string, string]>("SELECT name, value FROM settings");
  if (rows.length === 0) return undefined;
  const parsed = schema.safeParse(Object.fromEntries(rows));
  if (!parsed.success) throw new DataError(`${place}: broken settings: ${schemaProblems(parsed.error)}`);
  return parsed.data;
}

/** One setting; undefined where it is not there. */
export const readSetting = (db: Connection, name: string): string | undefined =>
  db.get<[string]>("SELECT value FROM settings WHERE name = ?", name)?.[0];

/** Sets one, or forgets it. */
export function writeSetting(db: Connection, name: string, value: string | undefined): void {
  db.run("DELETE FROM settings WHERE name = ?", name);
  if (value !== undefined) db.run("INSERT INTO settings (name, value) VALUES (?, ?)", name, value);
}

/** Writes the settings of a new gallery. */
export function writeSettings(
  db: Connection,
  place: string,
  settings: StoreSettings | undefined,
): StoreSettings {
  if (!settings) throw emptyGallery(place);
  for (const [name, value] of Object.entries(settings)) {
    db.run("INSERT INTO settings (name, value) VALUES (?, ?)", name, String(value));
  }
  return settings;
}
