/** The study of robustness as a command: a net, synthetic faces, levels that are kept. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { resultOf } from "./support/cli.ts";
import { newFolder, tinyModel } from "./support/miniature.ts";

let folder: string;
let model: string;
const path = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await newFolder();
  model = (await tinyModel()).model;
});

describe("deepid study robustness", () => {
  test("robustness measures each level once, and goes on where it stopped", async () => {
    const study = (...more: string[]) =>
      resultOf(
        ...[
          "study",
          "robustness",
          "--model",
          model,
          "--data",
          "synthetic",
          "--people",
          "8",
          "--pictures",
          "3",
        ],
        ...["--corruption", "block:50", "--out", path("robustness"), ...more],
      );
    const { results, findings } = await study();
    const levels = results.robustness.levels as {
      corruption: string;
      level: number;
      measurements: object[];
    }[];
    expect(levels.map(({ corruption, level }) => `${corruption} ${level}`)).toEqual(["block 0", "block 50"]);
    expect(findings[0].numbers[1].paper).toContain("92.4 %");
    const kept = path("robustness/levels/model/block-50.json");
    const text = await readFile(kept, "utf8");
    await writeFile(kept, text.replaceAll(/"accuracy":[\d.]+/g, '"accuracy":0.125'));
    const again = await study();
    expect(again.results.robustness.levels[1].measurements[0].accuracy).toBe(0.125); // not measured again
    await expect(study("--seed", "2")).rejects.toThrow("choose another --out");
  });
});
