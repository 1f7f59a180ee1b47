/** Which model a gallery in PostgreSQL has: read in the same statement as codes, so that none is taken for another's. */
import { ModelChanged, type NextModel } from "../modelChange.ts";
import type { Queries } from "./connection.ts";
import { SCHEMA } from "./names.ts";

/** A column: the model that the codes of this statement's rows are of. */
export const MODEL_NOW = `(SELECT value FROM ${SCHEMA}.settings WHERE name = 'model') AS model`;

/** Rows that were read are of another model than the one asked for. */
export class OtherModel extends Error {}

/** `rows`, which have the column MODEL_NOW, if they are of `model`. */
export function ofModel<R extends { readonly model: string }>(
  rows: readonly R[],
  model: string,
): readonly R[] {
  if (rows.length > 0 && rows[0].model !== model) throw new OtherModel("another model");
  return rows;
}

/** What a gallery is now: settings that change while it is in use. */
export interface PresentSettings {
  readonly keyCheck: string;
  readonly model: string;
  /** What the model is opened by, if it is not the first. */
  readonly modelName?: string;
  /** Of a change that is under way. */
  readonly next?: NextModel;
}

/** With a lock they stay as they are until the transaction ends; whoever changes them takes "FOR UPDATE". */
export async function readPresent(
  db: Queries,
  lock: "" | "FOR SHARE" | "FOR UPDATE" = "",
): Promise<PresentSettings> {
  const { rows } = await db.query(
    `SELECT name, value FROM ${SCHEMA}.settings WHERE name IN ('keyCheck', 'model', 'modelName', 'nextModel')
     ORDER BY name ${lock}`,
  );
  const found: Record<string, string> = Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  const { keyCheck, model, modelName, nextModel } = found;
  return {
    keyCheck,
    model,
    ...(modelName !== undefined && { modelName }),
    ...(nextModel !== "" && { next: JSON.parse(nextModel) as NextModel }),
  };
}

/** Refuses where the gallery has another model by now than `model`. */
export function checkModel(place: string, present: PresentSettings, model: string): void {
  if (present.model !== model) throw new ModelChanged(place, present.modelName ?? present.model);
}
