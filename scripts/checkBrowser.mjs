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
const { status, stdout, stderr, error } = spawnSync(process.execPath, [tsc, "-p", CONFIG, "--listFiles"], {
  encoding: "utf8",
  cwd: ROOT,
  maxBuffer: 2 ** 26,
});
if (error) throw error;
const [read, said] = [[], []];
for (const line of stdout.split("\n")) (/^\S.*\.[cm]?ts$/.test(line) ? read : said).push(line);
const faults = [
  ...(programs.length > 150 ? [] : [`only ${programs.length} programs: where are the others?`]),
  ...(read.length > programs.length ? [] : [`the compiler read ${read.length} files of ${programs.length}`]),
  ...read.filter((file) => file.includes("@types/node/")).map((file) => `${file}: Node's types in a page`),
  ...(status === 0 ? [] : [...said, stderr, `the compiler ended with ${status}`]),
];
for (const fault of faults) console.log(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
