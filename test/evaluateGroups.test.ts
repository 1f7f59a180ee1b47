/** `deepid evaluate groups` on features of which the answers are known. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeFeatures } from "../src/matching/files/index.ts";
import { deepid } from "./support/cli.ts";
import { newFolder } from "./support/miniature.ts";
import { planted } from "./support/planted.ts";

test("each group is scored by one threshold, with intervals, and the file says of what", async () => {
  const folder = await newFolder();
  const { set, has } = planted({ people: 12, pictures: 4 });
  const [features, attributes, out] = ["f.safetensors", "attributes.tsv", "out.json"].map((name) =>
    join(folder, name),
  );
  await writeFeatures(features, set);
  const lines = set.names.map((name, row) => [name, has[row] ? 1 : 0, has[row] ? 0 : 1].join("\t"));
  await writeFile(attributes, ["image\tMale\tFemale", ...lines].join("\n"));
  const command = ["evaluate", "groups", "--features", features, "--attributes", attributes];
  const { code, out: said } = await deepid(
    ...[...command, "--metric", "cosine", "--groups", "Male,Female", "--resamples", "100", "--out", out],
  );
  expect(code).toBe(0);
  expect(said).toMatch(/^Female\s+6 people\s+accuracy \d/m);
  const result = JSON.parse(await readFile(out, "utf8"));
  expect(result).toMatchObject({ metric: "cosine", pictures: 48, source: { attributes: "attributes.tsv" } });
  expect(
    result.groups.map(({ group, people }: { group: string; people: number }) => [group, people]),
  ).toEqual([
    ["everybody", 12],
    ["Male", 6],
    ["Female", 6],
  ]);
  const refused = await deepid(...command, "--metric", "cosine", "--groups", "Tall,Short");
  expect(refused.code).not.toBe(0);
  expect(refused.err).toMatch(/no Tall, no Short; there are Male, Female/);
});
