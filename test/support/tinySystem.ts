/** A system of two nets: a tiny model's net twice, so that what it must give is known. */
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readMatcher } from "../../src/matching/files/index.ts";
import { createMatcher } from "../../src/matching/match/index.ts";
import { matrix } from "../../src/math/linalg/index.ts";
import { writeSystem } from "../../src/nets/models/index.ts";
import { newFolder } from "./miniature.ts";

/** Makes the system's folder from a model's; its matcher is the model's on the mean of both nets' features. */
export async function systemOfTwo(model: string): Promise<string> {
  const folder = await newFolder();
  for (const part of ["first", "second"]) {
    await cp(model, join(folder, part), { recursive: true });
    const card = join(folder, part, "model.json");
    await writeFile(card, JSON.stringify({ ...JSON.parse(await readFile(card, "utf8")), name: part }));
  }
  const { matcher } = await readMatcher(join(model, "matcher.safetensors"));
  const { mean, directions, ratios, blockSize } = matcher.model;
  const { rows, columns, values } = directions;
  const twice = matrix(
    rows,
    2 * columns,
    Float64Array.from(
      { length: rows * 2 * columns },
      (_, i) => values[Math.floor(i / (2 * columns)) * columns + (i % columns)] / 2,
    ),
  );
  const both = createMatcher({
    blockSize,
    mean: Float64Array.of(...mean, ...mean),
    directions: twice,
    ratios,
  });
  const card = {
    name: "two nets",
    parts: ["first", "second"],
    licence: "none",
    matching: { people: 9, pictures: 36, components: rows },
  };
  await writeSystem(folder, { matcher: { matcher: both }, card });
  return folder;
}
