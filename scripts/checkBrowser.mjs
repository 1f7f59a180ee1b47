/**
 * The wall: rooms that are not listed as using Node compile as for a page, where there is neither Node nor its globals.
 * `npm run check` runs it; what does not compile is printed.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { nodeRooms, rooms } from "../layers.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const CONFIG = join(ROOT, "node_modules/.cache/tsc/wall.json");

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

mkdirSync(join(CONFIG, ".."), { recursive: true });
const wall = { extends: join(ROOT, "tsconfig.browser.json"), files: programs };
writeFileSync(CONFIG, JSON.stringify({ ...wall, compilerOptions: { incremental: false, rootDir: ROOT } }));
const tsc = join(ROOT, "node_modules/@typescript/native/bin/tsc");
const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", CONFIG, "--listFiles"], {
  encoding: "utf8",
  cwd: ROOT,
  maxBuffer: 2 ** 26,
});
const lines = stdout.split("\n");
const faults = [
  ...(programs.length > 150 ? [] : [`only ${programs.length} programs: where are the others?`]),
  ...lines.filter((line) => line.includes("@types/node/")).map((line) => `${line}: Node's types in a page`),
  ...(status === 0 ? [] : lines.filter((line) => !/\.[cm]?ts$/.test(line))),
];
for (const fault of faults) console.log(fault);
process.exitCode = status !== 0 || faults.length > 0 ? 1 : 0;
