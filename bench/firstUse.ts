/**
 * How long people wait at first use, by the built command line (`npm run build:lib`), from a command's start to its end:
 * two photos verified, a folder tree enrolled, a folder identified, unknown photos grouped.
 * Run: npx tsx bench/firstUse.ts lfw/ [--grouped 2000] [--out results/first-use.json]
 *
 * `lfw/` is LFW unpacked: photos of 250 x 250 pixels, whose faces are found by the default detector. Larger photos take longer
 * to decode and to look through.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { releasedModel } from "../src/lab/results/index.ts";
import { DEFAULT_MODEL, modelFolder } from "../src/nets/models/index.ts";
import { keep } from "./keep.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { grouped: { type: "string", default: "2000" }, out: { type: "string" } },
});
const [lfw] = positionals;
if (lfw === undefined) throw new Error("bench/firstUse.ts: needs the folder of LFW's people");
const program = fileURLToPath(new URL("../dist/cli/deepid.js", import.meta.url));
if (!existsSync(program)) throw new Error(`${program} is missing: run npm run build:lib`);

const work = mkdtempSync(join(tmpdir(), "deepid-first-use-"));
const people = readdirSync(lfw).sort();
const photosOf = (person: string) =>
  readdirSync(join(lfw, person))
    .sort()
    .map((file) => join(lfw, person, file));
const several = people.filter((person) => photosOf(person).length >= 3);

/** Copies `photos` into a folder of one level, or of one folder a person. */
function folderOf(name: string, photos: readonly string[], byPerson = false): string {
  const folder = join(work, name);
  for (const photo of photos) {
    const into = byPerson ? join(folder, basename(join(photo, ".."))) : folder;
    mkdirSync(into, { recursive: true });
    copyFileSync(photo, join(into, basename(photo)));
  }
  return folder;
}

/** Seconds from the start of a command to its end; `runs` of them. An exit code of 3 names photos without a face. */
function timed(args: readonly string[], runs = 1): number[] {
  return Array.from({ length: runs }, () => {
    const begun = performance.now();
    const { status, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });
    if (status !== 0 && status !== 3 && status !== 1) throw new Error(`deepid ${args.join(" ")}: ${stderr}`);
    return (performance.now() - begun) / 1000;
  });
}

const median = (of: readonly number[]) => [...of].sort((a, b) => a - b)[of.length >> 1];
const load = loadavg()[0];
const [first] = several;
const pair = photosOf(first).slice(0, 2);
timed(["verify", ...pair]); // files are read once before
const verify = timed(["verify", ...pair], 7);

const enrolled = several.slice(0, 20).flatMap((person) => photosOf(person).slice(0, 2));
const store = join(work, "gallery.sqlite");
const [enroll] = timed(["gallery", "import", folderOf("people", enrolled, true), "--store", store]);
const asked = people.slice(0, 100).map((person) => photosOf(person).at(-1)!);
const [identify] = timed(["identify", folderOf("asked", asked), "--store", store]);
const unknown = people.flatMap(photosOf).slice(0, Number(values.grouped));
const [cluster] = timed(["cluster", folderOf("unknown", unknown), "--csv", join(work, "groups.csv")]);
rmSync(work, { recursive: true });

const body = {
  machine: { cpu: cpus()[0].model, cores: availableParallelism(), node: process.version, load },
  verifySeconds: { median: median(verify), all: verify },
  enroll: { photos: enrolled.length, seconds: enroll },
  identify: { photos: asked.length, seconds: identify },
  cluster: { photos: unknown.length, seconds: cluster },
};
console.log(JSON.stringify(body, null, 2));
await keep(
  values.out,
  {
    kind: "speed",
    model: await releasedModel(modelFolder(DEFAULT_MODEL)),
    command: `npx tsx bench/firstUse.ts lfw/ --grouped ${values.grouped} --out results/first-use.json`,
    data: "LFW, photos of 250 x 250 pixels",
  },
  body,
);
