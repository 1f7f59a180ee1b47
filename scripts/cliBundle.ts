/**
 * How the command line is bundled: a few files in place of 600, whose finding and linking took most of the time of a short command.
 * `vite build --config scripts/cliBundle.ts` writes dist/cli/deepid.js and, beside it, what its commands load when they are asked for.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const SRC = at("../src");
const ENTRY = `${SRC}/cli/deepid.ts`;
const OUT = at("../dist/cli");

/** A module finds workers and data beside itself: in the bundle it is told where it was compiled to. */
const ownPlace: Plugin = {
  name: "own-place",
  transform(code, id) {
    if (!id.startsWith(SRC) || !code.includes("import.meta.url")) return null;
    const compiled = resolve(OUT, "..", relative(SRC, id)).replace(/\.ts$/, ".js");
    const place = `new URL(${JSON.stringify(relative(OUT, compiled))}, import.meta.url).href`;
    return { code: code.replaceAll("import.meta.url", place), map: null };
  },
};

/** Small packages in plain JavaScript that most commands need, with what they need themselves. */
const BUNDLED = [
  ...["zod", "@bufbuild/protobuf", "@petamoriken/float16", "commander", "csv-parse", "ml-matrix"],
  ...["is-any-array", "ml-array-max", "ml-array-min", "ml-array-rescale"],
  ...["cli-progress", "string-width", "strip-ansi", "ansi-regex", "emoji-regex", "is-fullwidth-code-point"],
];

/** The licences of what is bundled go with it. */
const licences: Plugin = {
  name: "licences",
  generateBundle() {
    const folders = new Set(
      [...this.getModuleIds()].flatMap((id) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []),
    );
    const texts = [...folders].sort().map((folder) => {
      const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
      const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const text = file === undefined ? "" : readFileSync(join(folder, file), "utf8");
      return `${name} ${version}, ${license}\n\n${text}`;
    });
    this.emitFile({ type: "asset", fileName: "LICENCES.txt", source: texts.join(`\n${"-".repeat(80)}\n\n`) });
  },
};

export default defineConfig({
  root: dirname(OUT),
  publicDir: false,
  plugins: [ownPlace, licences],
  ssr: { noExternal: BUNDLED, target: "node" },
  build: {
    ssr: true,
    outDir: OUT,
    emptyOutDir: true,
    target: "node20.19",
    minify: false,
    rolldownOptions: {
      input: { deepid: ENTRY },
      treeshake: { moduleSideEffects: (id) => !id.startsWith(SRC) || id === ENTRY },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name]-[hash].js",
        // What only some commands need, and would lie beside what all of them do: who loads a net reads a few bytes of it by `wire`.
        codeSplitting: {
          groups: [
            { name: "wire", test: /@bufbuild\/protobuf\/dist\/esm\/(wire|proto-int64)/ },
            { name: "matrix", test: /ml-matrix/ },
          ],
        },
      },
      checks: { pluginTimings: false },
    },
  },
});
