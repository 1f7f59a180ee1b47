import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { failureOf } from "../../../test/support/pictures.ts";
import { randomWeights, TINY_NET } from "../../../test/support/tinyNet.ts";
import { DataError, InputError } from "../../base/errors/index.ts";
import { createRng } from "../../base/random/index.ts";
import { type Region, TEMPLATE, WHOLE_FACE } from "../../faces/face/index.ts";
import { createMatcher } from "../../matching/match/index.ts";
import { matrix } from "../../math/linalg/index.ts";
import { extractFeatures } from "../net/features.ts";
import { systemFeatures } from "../net/system.ts";
import { openSystem, partsOf, writeSystem } from "./systemFolder.ts";
import { writeModel } from "./writeModel.ts";

const matcherOf = (columns: number) => ({
  matcher: createMatcher({
    blockSize: 4,
    mean: new Float64Array(columns),
    directions: matrix(
      1,
      columns,
      Float64Array.from({ length: columns }, (_, i) => i + 1),
    ),
    ratios: Float64Array.of(2),
  }),
});
const REGIONS: Region[] = [
  { ...WHOLE_FACE, name: "face", height: 39, width: 31 },
  { ...WHOLE_FACE, name: "left", height: 39, width: 31, box: { x: 4, y: 20, width: 31, height: 39 } },
];
const BYTES = TEMPLATE.height * TEMPLATE.width * 3;
const rng = createRng(4);
const pixels = Uint8Array.from({ length: 3 * BYTES }, () => rng.integer(256));
const FACES = {
  count: 3,
  names: ["a/1", "a/2", "b/1"],
  identities: ["a", "a", "b"],
  readRange: async (first: number, count: number) => pixels.subarray(first * BYTES, (first + count) * BYTES),
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "system-"));
  for (const [i, region] of REGIONS.entries()) {
    await writeModel(join(folder, region.name), {
      config: TINY_NET,
      weights: randomWeights(TINY_NET, i + 1),
      matcher: matcherOf(8),
      card: {
        name: region.name,
        feature: "fc4",
        licence: "research only",
        region,
        training: { source: "noise", people: 3, pictures: 6, steps: 10, seconds: 1.5 },
        matching: { people: 2, pictures: 4, components: 1 },
      },
    });
  }
  const matching = { people: 2, pictures: 4, components: 1 };
  const card = { name: "two", parts: ["face", "left"], matching, licence: "research only" };
  await writeSystem(folder, { matcher: matcherOf(16), card });
});

describe("a system of two nets", () => {
  test("gives the features of its nets side by side, in the order of its parts", async () => {
    await using system = disposable(await openSystem(folder, { threads: 1 }));
    expect(await partsOf(folder)).toEqual(["face", "left"]);
    expect([system.parts.length, system.dimension]).toEqual([2, 16]);
    const joined = await systemFeatures(system, FACES);
    expect(joined.names).toEqual(FACES.names);
    for (const [i, { net, card }] of system.parts.entries()) {
      const own = await extractFeatures({ net, region: card.region, name: "fc4" }, FACES);
      for (let row = 0; row < 3; row++) {
        const at = row * 16 + i * 8;
        expect(joined.values.slice(at, at + 8)).toEqual(own.values.slice(row * 8, row * 8 + 8));
      }
    }
    expect(system.matcher.matcher.project(joined).rows).toBe(3);
  });

  test("takes the features of a part from where they have been computed before, and counts its progress over all", async () => {
    await using system = disposable(await openSystem(folder, { threads: 1 }));
    const expected = await systemFeatures(system, FACES);
    const kept = new Map<string, Awaited<ReturnType<typeof systemFeatures>>>();
    const done: number[][] = [];
    const cached = () =>
      systemFeatures(system, FACES, {
        onProgress: (...progress) => void done.push(progress),
        async cache({ card }, compute) {
          if (!kept.has(card.name)) kept.set(card.name, await compute());
          return kept.get(card.name)!;
        },
      });
    expect(await cached()).toEqual(expected);
    expect(done.at(-1)).toEqual([6, 6]);
    const steps = done.length;
    expect(await cached()).toEqual(expected);
    expect(done.length).toBe(steps); // nothing was computed again
  });

  test("gives the same after its nets have rested, and nothing after its release", async () => {
    const system = await openSystem(folder, { threads: 1 });
    const awake = await systemFeatures(system, FACES, { rest: true });
    expect(await systemFeatures(system, FACES)).toEqual(awake);
    await system.release();
    await expect(systemFeatures(system, FACES)).rejects.toThrow("run after release");
  });

  test("a model alone is a system of one", async () => {
    await using system = disposable(await openSystem(join(folder, "left"), { threads: 1 }));
    expect([system.name, system.parts.length, system.dimension]).toEqual(["left", 1, 8]);
    expect((await systemFeatures(system, FACES)).dimension).toBe(8);
  });

  test.each([
    ["a part that has changed", "left/model.json", " ", "left/model.json: truncated or changed"],
    ["a matcher that has changed", "matcher.safetensors", "x", "matcher.safetensors: truncated or changed"],
  ])("refuses %s", async (_, file, more, message) => {
    const path = join(folder, file);
    const before = await readFile(path);
    await writeFile(path, Buffer.concat([before, Buffer.from(more)]));
    const failure = await failureOf(openSystem(folder, { threads: 1 }));
    await writeFile(path, before);
    expect(failure).toBeInstanceOf(DataError);
    expect(failure.message).toContain(message);
  });

  test("refuses a card whose parts lie elsewhere, and a folder that holds neither card", async () => {
    const path = join(folder, "system.json");
    const before = await readFile(path, "utf8");
    await writeFile(path, before.replace('"left"', '"../left"'));
    const failure = await failureOf(openSystem(folder));
    await writeFile(path, before);
    expect(failure).toBeInstanceOf(DataError);
    expect(failure.message).toContain("must be the plain name of a folder beside it");
    expect(await failureOf(openSystem(tmpdir()))).toBeInstanceOf(InputError);
  });
});

const disposable = <T extends { release(): Promise<void> }>(value: T): T & AsyncDisposable => ({
  ...value,
  [Symbol.asyncDispose]: () => value.release(),
});
