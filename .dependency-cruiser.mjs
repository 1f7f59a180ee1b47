// Turns the tables of layers.mjs into rules.
import { browserPackages, nodeRooms, rooms, wings } from "./layers.mjs";

const test = "\\.test\\.ts$"; // tests may reach anywhere
const wing = (names) => `^src/(?:${names.join("|")})/`;
const room = (names) => `^src/[a-z]+/(?:${names.join("|")})/`;
const rule = (name, from, to) => ({ name, severity: "error", from, to });

/** A wing imports itself and the wings above it. */
const wingRules = Object.entries(wings).map(([name, uses]) =>
  rule(
    `wing-${name}`,
    { path: wing([name]), pathNot: test },
    { path: "^src/", pathNot: wing([name, ...uses]) },
  ),
);
/** Within its wing a room imports itself and the rooms it lists. */
const roomRules = Object.entries(rooms).flatMap(([name, table]) =>
  Object.entries(table).map(([folder, uses]) =>
    rule(
      `room-${folder}`,
      { path: `^src/${name}/${folder}/`, pathNot: test },
      { path: `^src/${name}/`, pathNot: `^src/${name}/(?:${[folder, ...uses].join("|")})/` },
    ),
  ),
);
const nodeFolders = `^src/(?:cli|${Object.entries(nodeRooms)
  .flatMap(([name, folders]) => folders.map((folder) => `${name}/${folder}`))
  .join("|")})/`;
/** Entries of the package for programs in Node. */
const entries = "^src/(?:index|train)\\.ts$";
/** What pages import of the service. */
const clients = "^src/serve/[^/]+/(?:client|addresses|endpoints)\\.ts$";
const known = Object.entries(rooms).flatMap(([name, table]) => Object.keys(table).map((r) => `${name}/${r}`));

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...wingRules,
    ...roomRules,
    rule("folder-is-in-layers.mjs", { path: "^src/[^/]+/", pathNot: `^src/(?:cli|${known.join("|")})/` }, {}),
    rule(
      "enter-by-index.ts",
      { path: "^src/([^/]+)/([^/]+)", pathNot: test },
      {
        path: "^src/[^/]+/[^/]+/",
        pathNot: ["^src/$1/$2/", "^src/cli/", "^src/[^/]+/[^/]+/(?:index|client)\\.ts$"],
      }, // client.ts: for browsers
    ),
    rule(
      "browser-safe",
      { path: "^src/", pathNot: [nodeFolders, entries, test] },
      { dependencyTypes: ["core"] },
    ),
    rule(
      "browser-safe-rooms",
      { path: "^src/", pathNot: [nodeFolders, entries, test] },
      { path: nodeFolders, dependencyTypesNot: ["type-only"] },
    ),
    rule(
      "browser-safe-packages",
      { path: "^src/", pathNot: [nodeFolders, entries, test] },
      {
        path: "node_modules/",
        pathNot: `node_modules/(?:${browserPackages.join("|")})/`,
        dependencyTypesNot: ["type-only"],
      },
    ),
    rule(
      "report-uses-types",
      { path: room(["report"]), pathNot: test },
      { path: room(["protocols", "train", "studies"]), dependencyTypesNot: ["type-only"] },
    ),
    // The studio's pages: they speak to the service by its client, and share with it what runs in a browser.
    rule(
      "studio-enters-src",
      { path: "^studio/" },
      { path: "^src/", pathNot: ["^src/browser\\.ts$", clients, "^src/[^/]+/[^/]+/index\\.ts$"] },
    ),
    rule(
      "studio-browser-safe",
      { path: "^studio/src/" },
      { path: nodeFolders, pathNot: clients, dependencyTypesNot: ["type-only"] },
    ),
    rule("studio-uses-no-node", { path: "^studio/src/" }, { dependencyTypes: ["core"] }),
    rule("clients-browser-safe", { path: clients }, { pathNot: clients, dependencyTypesNot: ["type-only"] }),
    rule("no-cycles", {}, { circular: true }),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: "node_modules",
  },
};
