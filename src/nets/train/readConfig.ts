/** Reads the config of a training run: a value in a .json file, which may have // comments, or the default export of a module. */
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { InputError } from "../../base/errors/index.ts";
import { FILE_LIMITS, readForeign } from "../../base/files/index.ts";
import { parseTraining, type Training } from "./config.ts";

/** The config at `path`; a module is run, so it must be one you trust. */
export async function readConfig(path: string): Promise<Training> {
  const kind = extname(path);
  if (kind === ".json")
    return parseTraining(parseJson((await readForeign(path, FILE_LIMITS.text)).toString("utf8"), path), path);
  const load = LOADERS[kind];
  if (!load) throw new InputError(`${path}: a config is a .json, .js, .mjs, .ts or .mts file`);
  const module = await load(pathToFileURL(resolve(path)).href).catch((cause: Error) => {
    throw new InputError(`${path}: cannot be loaded: ${cause.message}`, { cause });
  });
  if (!("default" in module)) throw new InputError(`${path}: has no default export`);
  return parseTraining(module.default, path);
}

type Load = (url: string) => Promise<{ default?: unknown }>;

const run: Load = (url) => import(url);

/** Compiles types away on the fly; loaded when it is needed, since it brings a compiler. */
const runTypeScript: Load = async (url) => {
  const { tsImport } = await import("tsx/esm/api");
  const module = await tsImport(url, import.meta.url);
  // Where the nearest package.json does not say "type": "module", it comes as a CommonJS module inside another.
  return module.default?.__esModule ? module.default : module;
};

const LOADERS: Readonly<Record<string, Load>> = {
  ".js": run,
  ".mjs": run,
  ".ts": runTypeScript,
  ".mts": runTypeScript,
};

/** A text in quotes, or a comment to the end of its line. */
const TEXT_OR_COMMENT = /("(?:\\.|[^"\\])*")|\/\/[^\n]*/g;

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text.replace(TEXT_OR_COMMENT, "$1"));
  } catch (cause) {
    throw new InputError(`${path}: not JSON: ${(cause as Error).message}`, { cause });
  }
}
