/**
 * Training, verify and search by two checkouts of this repository, in turn, in one run: what a change of the code cost or gave.
 * Run: npx tsx bench/sideBySide.ts OTHER_CHECKOUT [--rounds 5] [--out results/side-by-side.json]
 *
 * In both: `npm ci && npm run build:lib`. The net that verifies is models/whole-face of each, the detector the default of each: same photos.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { machine } from "../src/lab/bench/index.ts";
import { keep } from "./keep.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "5" }, out: { type: "string" } },
});
const [other] = positionals;
if (other === undefined) throw new Error("bench/sideBySide.ts: needs the folder of another checkout");
const rounds = Number(values.rounds);
const checkouts = { before: other, now: fileURLToPath(new URL("..", import.meta.url)) };
type Which = keyof typeof checkouts;
const folder = mkdtempSync(join(tmpdir(), "deepid-side-by-side-"));
const atStart = machine();

/** What a program of `checkout` prints. */
const run = (which: Which, ...args: readonly string[]) =>
  execFileSync(process.execPath, args, {
    cwd: checkouts[which],
    encoding: "utf8",
    maxBuffer: 1 << 26,
    stdio: ["ignore", "pipe", "ignore"],
  });

/** What `deepid bench` writes. */
function bench(which: Which, ...args: readonly string[]) {
  const out = join(folder, "result.json");
  run(which, "dist/cli/deepid.js", "bench", ...args, "--out", out);
  const result = JSON.parse(readFileSync(out, "utf8"));
  rmSync(out);
  return result;
}

const verify = ["verify", "--model", "models/whole-face", "--rounds", "20", "--starts", "5"];

/** Of one checkout: everything once. */
function measure(which: Which) {
  const step = JSON.parse(run(which, "--import", "tsx", "bench/ours.ts", "train", "128", "5", "2"));
  const verified = bench(which, ...verify);
  const search = bench(which, "search", "--rounds", "100");
  return {
    trainingImagesPerSecond: step.imagesPerSecond as number,
    verifyCropsMs: verified.crops.median as number,
    verifyPhotosMs: verified.photos.median as number,
    startToEndMs: verified.coldStart.median as number,
    searchMs: search.kernelThreadsMs as number,
  };
}

type Measured = ReturnType<typeof measure>;
const all: Record<Which, Measured[]> = { before: [], now: [] };
for (let round = 0; round < rounds; round++) {
  const order: Which[] = round % 2 ? ["now", "before"] : ["before", "now"];
  for (const which of order) all[which].push(measure(which));
  process.stderr.write(`${round + 1} of ${rounds}, load ${loadavg()[0].toFixed(1)}\n`);
}
rmSync(folder, { recursive: true });

const median = (list: readonly number[]) => [...list].sort((a, b) => a - b)[list.length >> 1];
const names = Object.keys(all.now[0]) as (keyof Measured)[];
const medians = (which: Which) =>
  Object.fromEntries(names.map((name) => [name, median(all[which].map((one) => one[name]))]));
const ratios = names.map((name) => [
  name,
  median(all.now.map((one, round) => one[name] / all.before[round][name])),
]);
const commit = (which: Which) =>
  execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: checkouts[which], encoding: "utf8" }).trim();
const result = {
  machine: atStart,
  rounds,
  before: { commit: commit("before"), ...medians("before") },
  now: { commit: commit("now"), ...medians("now") },
  nowOverBefore: Object.fromEntries(ratios),
  all,
};
console.log(JSON.stringify(result, null, 2));
await keep(
  values.out,
  {
    kind: "speed",
    command: `npx tsx bench/sideBySide.ts BEFORE --rounds ${rounds}`,
    data: "synthetic faces and random codes",
  },
  result,
);
