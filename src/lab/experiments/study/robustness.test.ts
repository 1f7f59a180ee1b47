import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createRng } from "../../../base/random/index.ts";
import { facesInMemory } from "../../../faces/data/index.ts";
import { TEMPLATE } from "../../../faces/face/index.ts";
import { createFeatureSet } from "../../../matching/features/index.ts";
import { cosine } from "../../../matching/match/index.ts";
import { partialOcclusion } from "../../studies/index.ts";
import { measureLevels, type RobustnessPlan } from "./robustLevels.ts";
import { partOfPlan } from "./robustness.ts";
import { type RobustSource, toldApart } from "./robustSources.ts";

const [PEOPLE, PICTURES, BYTES] = [8, 2, TEMPLATE.width * TEMPLATE.height * 3];
const rng = createRng(1);
const rows = [...Array(PEOPLE * PICTURES).keys()];
const identities = rows.map((row) => `p${row >> 1}`);
const patterns = Array.from({ length: PEOPLE }, () =>
  Uint8Array.from({ length: BYTES }, () => rng.integer(200)),
);
const pixels = new Uint8Array(rows.length * BYTES);
for (const row of rows) {
  for (const [i, value] of patterns[row >> 1].entries()) pixels[row * BYTES + i] = value + rng.integer(30);
}
const faces = facesInMemory(
  rows.map((row) => `p${row >> 1}/p${row >> 1}_${row % 2}`),
  identities,
  pixels,
);
const pairs = Array.from({ length: PEOPLE }, (_, p) => [
  { a: 2 * p, b: 2 * p + 1, same: true },
  { a: 2 * p, b: (2 * p + 3) % (2 * PEOPLE), same: false },
]);

/** Features are every 997th value of the face, about its middle. */
function everyNth(log: string[], name = "pixels"): RobustSource {
  return {
    name,
    cost: 1,
    systems: [{ name: "FC-4", metric: cosine, role: "judged" }],
    async extract(given) {
      log.push(name);
      const picked = await given.readRange(0, given.count);
      const columns = Math.ceil(BYTES / 997);
      const values = Float32Array.from({ length: given.count * columns }, (_, at) => {
        return picked[Math.floor(at / columns) * BYTES + (at % columns) * 997] - 100;
      });
      return [createFeatureSet(values, columns, given)];
    },
    key: "every 997th",
    provenance: [{ pixels: "every 997th" }],
    release: async () => {},
  };
}

const planIn = (folder: string, log: string[], seed = 1): RobustnessPlan => ({
  sources: [everyNth(log)],
  faces,
  folds: [pairs.slice(0, 4).flat(), pairs.slice(4).flat()],
  corruptions: [{ corruption: partialOcclusion, levels: [20, 40] }],
  person: "p1",
  seed,
  folder,
  keepFeatures: false,
});

test("levels are measured once, the paper's first, and a stopped study goes on with what is left", async () => {
  const folder = await mkdtemp(join(tmpdir(), "robustness-"));
  const log: string[] = [];
  const levels = await measureLevels(planIn(folder, log));
  expect(levels.map(({ level }) => level)).toEqual([0, 20, 40]);
  expect(levels[0].measurements[0]).toMatchObject({ accuracy: 1, flipped: 0 });
  expect(levels[2].measurements[0].flipped).toBeGreaterThan(levels[1].measurements[0].flipped);
  expect(log).toHaveLength(3);
  expect(await readdir(join(folder, "features", "pixels"))).toEqual(["clean-FC-4.safetensors"]);

  const file = join(folder, "levels", "pixels", "partial-40.json");
  const [clean, mild, strong] = await Promise.all(
    ["clean", "partial-20", "partial-40"].map((name) => stat(file.replace("partial-40", name))),
  );
  expect([clean.mtimeMs <= strong.mtimeMs, strong.mtimeMs <= mild.mtimeMs]).toEqual([true, true]);
  await writeFile(file, (await readFile(file, "utf8")).replace(/"accuracy":[\d.]+/, '"accuracy":0.125'));
  const again = await measureLevels(planIn(folder, log));
  expect(again[2].measurements[0].accuracy).toBe(0.125); // read, not measured
  expect(log).toHaveLength(3);
  await expect(measureLevels(planIn(folder, log, 2))).rejects.toThrow("choose another --out");

  const part = await partOfPlan(planIn(folder, log), levels);
  expect(part.figures.map(({ file: name }) => name)).toEqual([
    "robustness-partial",
    "robustness-partial-strips",
    "robustness-partial-flips",
  ]);
  expect(JSON.stringify(part.result)).not.toContain("strip");
});

test("a system that joins later is measured alone, and what is not measured can be left out", async () => {
  const folder = await mkdtemp(join(tmpdir(), "robustness-"));
  const log: string[] = [];
  await measureLevels(planIn(folder, log));
  const sources = toldApart([everyNth(log), everyNth(log, "other"), everyNth(log, "other")]);
  const plan = { ...planIn(folder, log), sources };
  const names = (levels: Awaited<ReturnType<typeof measureLevels>>) =>
    levels.map(({ measurements }) => measurements.map(({ name }) => name));
  const own = ["FC-4 of pixels", "FC-4 of other", "FC-4 of other (2)"];
  // A curve that is called otherwise has another key: what was measured under its old name is refused, not mixed up.
  await expect(measureLevels({ ...plan, asMeasured: true })).rejects.toThrow("choose another --out");
  await rm(join(folder, "levels"), { recursive: true });
  expect(names(await measureLevels({ ...plan, asMeasured: true }))).toEqual([]);
  expect(log).toHaveLength(3);
  expect(names(await measureLevels(plan))).toEqual([own, own, own]);
  await rm(join(folder, "levels", "other-2-"), { recursive: true });
  const left = own.slice(0, 2);
  expect(names(await measureLevels({ ...plan, asMeasured: true }))).toEqual([left, left, left]);
});
