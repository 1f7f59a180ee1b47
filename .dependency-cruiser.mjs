// Turns the table of layers.mjs into rules.
import { layers, nodeFolders } from "./layers.mjs";

const any = (folders) => `^src/(?:${folders.join("|")})/`;
const rule = (name, from, to) => ({ name, severity: "error", from, to });
const test = "\\.test\\.ts$"; // tests may reach anywhere

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...Object.entries(layers).map(([folder, uses]) =>
      rule(
        `${folder}-imports-only-${uses.join("+") || "nothing"}`,
        { path: any([folder]), pathNot: test },
        { path: "^src/", pathNot: any([folder, ...uses]) },
      ),
    ),
    rule("folder-is-in-layers.mjs", { path: "^src/[^/]+/", pathNot: any(Object.keys(layers)) }, {}),
    rule(
      "enter-by-index.ts",
      { path: "^src/([^/]+)/", pathNot: test },
      { path: "^src/[^/]+/", pathNot: ["^src/$1/", "/index\\.ts$"] },
    ),
    rule("browser-safe", { path: "^src/", pathNot: [any(nodeFolders), test] }, { dependencyTypes: ["core"] }),
    rule(
      "report-uses-types",
      { path: any(["report"]), pathNot: test },
      { path: any(["protocols", "train", "studies"]), dependencyTypesNot: ["type-only"] },
    ),
    rule("no-cycles", {}, { circular: true }),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: "node_modules",
  },
};
