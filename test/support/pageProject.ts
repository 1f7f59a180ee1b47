/** The example of a page as a project of somebody else has it. */
import { execFile } from "node:child_process";
import { copyFile, cp, mkdir, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { TSC } from "./npm.ts";
import { ROOT } from "./service.ts";

/** Runs a Node program with arguments; rejects where it fails. */
export const runNode = (args: readonly string[], cwd?: string) =>
  promisify(execFile)(process.execPath, args, { cwd });

/** The example as a project of its own in `folder`, with this package as npm would install it. */
export async function newProject(folder: string): Promise<void> {
  for (const file of await readdir(join(ROOT, "examples/browser"))) {
    if (/\.(?:ts|mjs|json|html)$/.test(file))
      await copyFile(join(ROOT, "examples/browser", file), join(folder, file));
  }
  const modules = join(folder, "node_modules");
  const own = join(modules, "deepid2plus");
  await mkdir(own, { recursive: true });
  for (const name of await readdir(join(ROOT, "node_modules"))) {
    if (!name.startsWith(".")) await symlink(join(ROOT, "node_modules", name), join(modules, name));
  }
  await copyFile(join(ROOT, "package.json"), join(own, "package.json"));
  for (const model of ["models/whole-face-taught", "models/detector"]) {
    await cp(join(ROOT, model), join(own, model), { recursive: true });
  }
  await runNode([TSC, "-p", join(ROOT, "tsconfig.browserBuild.json"), "--outDir", join(own, "dist")]);
}
