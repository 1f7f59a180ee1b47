/**
 * Before any test: src and the programs of tests as JavaScript, for the threads and processes that tests start. They
 * begin in a quarter of the time that tsx needs, and the command line is bundled as it is in the package.
 */
import { mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { drawnOnce } from "./replaced.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Programs that tests start, besides src. */
const PROGRAMS = [
  "enrolUntilKilled",
  "faults/run",
  "manyCommands",
  "removeThenAdd",
  "trainOn",
  "trainUntilKilled",
].map((name) => join(ROOT, "test/support", `${name}.ts`));

/** For vitest's globalSetup, once for all projects; what it gives back removes it. */
export default async function compile(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.DEEPID_COMPILED) return undefined;
  const folder = await mkdtemp(join(tmpdir(), "deepid-compiled-"));
  // Whatever lies beside src is found beside its copy, too.
  const beside = (await readdir(ROOT)).filter((name) => !["src", "test", ".git"].includes(name));
  await Promise.all(beside.map((name) => symlink(join(ROOT, name), join(folder, name))));
  await Promise.all([compileModules(folder), bundleCli(folder)]);
  process.env.DEEPID_COMPILED = folder;
  return () => rm(folder, { recursive: true });
}

/** One file for each module, so that a worker is found beside the module that starts it. */
async function compileModules(folder: string): Promise<void> {
  const src = await readdir(join(ROOT, "src"), { recursive: true });
  const modules = src.filter(
    (file) => /(?<!\.test)\.ts$/.test(file) && !/^(?:browser\.ts$|people.browser)/.test(file),
  );
  await build({
    configFile: false,
    plugins: [drawnOnce],
    root: ROOT,
    publicDir: false,
    logLevel: "warn",
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: false,
      target: "node20.19",
      minify: false,
      rolldownOptions: {
        input: [...modules.map((file) => join(ROOT, "src", file)), ...PROGRAMS],
        treeshake: false,
        preserveEntrySignatures: "strict",
        output: { preserveModules: true, preserveModulesRoot: ROOT, entryFileNames: "[name].js" },
        checks: { pluginTimings: false },
      },
    },
  });
}

const bundleCli = (folder: string) =>
  build({
    configFile: join(ROOT, "scripts/cliBundle.ts"),
    logLevel: "warn",
    build: { outDir: join(folder, "src/bundle") },
  });
