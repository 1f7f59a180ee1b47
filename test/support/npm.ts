/** npm as a user has it: with its default settings, whatever this repository's are. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** TypeScript's compiler, version 7. */
export const TSC = fileURLToPath(new URL("../../node_modules/@typescript/native/bin/tsc", import.meta.url));

const execute = promisify(execFile);

/** The environment without what a surrounding npm hands to its children. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));

/** Runs npm in `cwd`, for ten minutes at most; throws with what it printed where it fails. */
export const npm = (cwd: string, ...args: readonly string[]) => command(cwd, "npm", args);

/** Runs a program in `cwd`. */
export const command = (cwd: string, program: string, args: readonly string[]) =>
  execute(program, [...args], { cwd, env, timeout: 600_000, maxBuffer: 1 << 26 });

/** Why nothing can be installed here; empty where it can. */
export const noRegistry = await execute("npm", ["view", "koffi", "version"], { timeout: 20_000 }).then(
  () => "",
  () => "npm's registry cannot be reached",
);
