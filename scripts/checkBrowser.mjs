/**
 * The wall: rooms that are not listed as using Node compile as for a page, where there is neither Node nor its globals.
 * `npm run check` runs it; what does not compile is printed.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { nodeRooms, rooms } from "../layers.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Every program of the rooms that run in a browser, too. */
const programs = Object.entries(rooms).flatMap(([wing, table]) =>
  Object.keys(table)
    .filter((room) => !nodeRooms[wing]?.includes(room))
    .flatMap((room) =>
      readdirSync(join(ROOT, "src", wing, room), { recursive: true, encoding: "utf8" })
        .filter((file) => /(?<!\.test)\.ts$/.test(file))
        .map((file) => join(ROOT, "src", wing, room, file)),
    ),
);

const { config } = ts.readConfigFile(join(ROOT, "tsconfig.browser.json"), ts.sys.readFile);
const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
const program = ts.createProgram([...programs, ...fileNames], { ...options, incremental: false });
const files = program.getSourceFiles().map(({ fileName }) => fileName);
const faults = [
  ...(programs.length > 150 ? [] : [`only ${programs.length} programs: where are the others?`]),
  ...files.filter((file) => file.includes("@types/node/")).map((file) => `${file}: Node's types in a page`),
  ...ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, start = 0, messageText }) =>
        `${file?.fileName}:${file ? file.getLineAndCharacterOfPosition(start).line + 1 : ""}: ` +
        ts.flattenDiagnosticMessageText(messageText, " "),
    ),
];
for (const fault of faults) console.log(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
