/** Models by name: those that come with this package. A model of one's own is named by its folder. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "../../base/errors/index.ts";
import { SYSTEM_CARD } from "../net/index.ts";
import { CARD } from "./modelFolder.ts";

/** The model that answers where none is named. */
export const DEFAULT_MODEL = "whole-face";

const OWN = fileURLToPath(new URL("../../../models/", import.meta.url));

const holdsModel = (folder: string): boolean =>
  [CARD, SYSTEM_CARD].some((card) => existsSync(join(folder, card)));

/** Names of the models that are here. */
export function modelNames(): string[] {
  if (!existsSync(OWN)) return [];
  return readdirSync(OWN)
    .filter((name) => holdsModel(join(OWN, name)))
    .sort();
}

/**
 * The folder of the model called `model`, or `model` itself where it is a folder. A name of `modelNames` always means that
 * model: a folder of the same name is "./name". Throws InputError that lists the names where there is neither.
 *
 * @example
 * await openSystem(modelFolder("regions"));
 */
export function modelFolder(model: string): string {
  const names = modelNames();
  if (names.includes(model)) return join(OWN, model);
  if (existsSync(model)) return model;
  throw new InputError(
    `${model}: there is no such model; needed ${names.join(", ")}, or the folder of a model or of a system of several`,
  );
}
