/** Models by name: in this package, or in packages called deepid2plus-<name>. One's own is named by its folder. */
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "../../base/errors/index.ts";
import { MODEL_FILES, SYSTEM_CARD } from "../net/index.ts";

/** The model that answers where none is named. */
export const DEFAULT_MODEL = "whole-face-taught";

/** Models that have packages of their own, which are made in a clone: no registry has them. */
const PACKAGED = ["regions"];

/** Where the models of this package lie. */
export const OWN = fileURLToPath(new URL("../../../models/", import.meta.url));
const CARDS = [MODEL_FILES.card, SYSTEM_CARD];

const holdsModel = (folder: string): boolean => CARDS.some((card) => existsSync(join(folder, card)));

/** The folder of the model called `name`; undefined where none is installed. */
function folderOf(name: string): string | undefined {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) return undefined;
  if (holdsModel(join(OWN, name))) return join(OWN, name);
  const { resolve } = createRequire(import.meta.url);
  for (const card of CARDS) {
    try {
      return dirname(resolve(`deepid2plus-${name}/${card}`));
    } catch {
      // no such package, or none that holds a model
    }
  }
  return undefined;
}

/** Names of the models that are here. */
export function modelNames(): string[] {
  const own = existsSync(OWN) ? readdirSync(OWN) : [];
  return [...new Set([...own, ...PACKAGED])].filter((name) => folderOf(name) !== undefined).sort();
}

/**
 * The folder of the model called `model`, or `model` itself where it is a folder. A name of `modelNames` always means that
 * model: a folder of the same name is "./name". Throws InputError that lists the names where there is neither.
 *
 * @example
 * await openSystem(modelFolder("regions"));
 */
export function modelFolder(model: string): string {
  const named = folderOf(model);
  if (named !== undefined) return named;
  if (existsSync(model)) return model;
  const needed = `needed ${modelNames().join(", ")}, or the folder of a model or of a system of several`;
  const hint = PACKAGED.includes(model)
    ? ` (in a clone, npm pack -w models/${model} makes a package to npm install)`
    : "";
  throw new InputError(`${model}: there is no such model here${hint}; ${needed}`);
}
