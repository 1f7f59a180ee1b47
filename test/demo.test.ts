/** The demo at its smallest: every part of it, on too few people to learn much. */
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { deepid, resultOf } from "./support/cli.ts";
import { newFolder } from "./support/miniature.ts";

const SMALLEST = ["--people", "100", "--pictures", "4", "--steps", "3"];

test("the demo ends in a page, a model and a test set that the other commands agree with; it can be run again", async () => {
  const out = join(await newFolder(), "demo");
  const result = await resultOf("demo", "--out", out, ...SMALLEST);
  expect(result).toMatchObject({ people: 20, report: join(out, "report.html"), model: join(out, "model") });

  const html = await readFile(result.report, "utf8");
  expect(html).toMatch(/^<!doctype html>.*<\/html>\n$/s);
  expect(html).toContain(`${(100 * result.accuracy.mean).toFixed(1)} %`);
  expect(html.match(/<figure><div class="chart"/g)?.length).toBe(3); // curves, ROC, histogram
  expect(html.match(/src="data:image\/png;base64,/g)!.length).toBeGreaterThan(10);
  expect(html).not.toMatch(/<script|src="http|href="http/);

  const again = await resultOf(
    ...["evaluate", "verification", "--model", result.model, "--images", join(out, "faces")],
    ...["--pairs", join(out, "pairs.txt"), "--cache", join(out, "cache"), "--metric", "all"],
  );
  expect(again.accuracy).toEqual(result.accuracy);
  expect(again.metrics.map(({ auc }: { auc: number }) => auc)).toEqual(
    expect.arrayContaining(result.scores.map(({ auc }: { auc: number }) => auc)),
  );

  const second = await resultOf("demo", "--out", out, ...SMALLEST);
  expect(second.accuracy).toEqual(result.accuracy);
});

test("a demo that is refused leaves nothing behind, and its help says what it needs", async () => {
  const out = join(await newFolder(), "demo");
  const { code, err } = await deepid("demo", "--out", out, "--people", "40");
  expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(/demo: needs 100 people with 4/) });
  expect(existsSync(out)).toBe(false);
  expect((await deepid("demo", "--help")).out).toMatch(/people to draw, 100 or\s+more/);
});

test("a folder that no demo has made is left alone", async () => {
  const out = await newFolder();
  await mkdir(join(out, "faces"));
  await writeFile(join(out, "faces", "mine.txt"), "precious");
  const { code, err } = await deepid("demo", "--out", out, ...SMALLEST);
  expect(err).toBe(
    `error: ${join(out, "faces")}: exists, and no demo has made it; choose another folder with --out\n`,
  );
  expect(code).toBe(2);
  expect(await readFile(join(out, "faces", "mine.txt"), "utf8")).toBe("precious");
});
