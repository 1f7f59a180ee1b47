import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { type PaperResults, type Score, type TablesResult, tableClaims } from "./index.ts";

const score = (mean: number, standardError = 0.003): Score => ({ accuracy: { mean, standardError } });
const tables = (change: Partial<TablesResult["tables"]> = {}): TablesResult => ({
  system: { trainedOn: { people: 1_200, pictures: 29_000 } },
  tables: {
    nets: 2,
    combined: score(0.96),
    single: score(0.95),
    regions: [{ name: "eyes", ...score(0.9) }],
    binary: [
      { nets: 1, jointBayesian: score(0.94), hamming: score(0.9) },
      { nets: 2, jointBayesian: score(0.955), hamming: score(0.91) },
    ],
    ...change,
  },
});
const claim = (results: PaperResults, study: string) =>
  tableClaims(results).find((one) => one.study === study)!;

test("without results nothing is claimed to hold, and nothing to fail", () => {
  const claims = tableClaims({});
  expect(claims.length).toBe(8);
  for (const { holds, verdict } of claims) {
    expect(holds).toBeNull();
    expect(verdict).toMatch(/^Not measured here; deepid /);
  }
});

test("the paper's accuracy is reached within two standard errors, or it is not", () => {
  expect(claim({ tables: tables() }, "verification")).toMatchObject({
    holds: false,
    verdict: "Not reached here: 96.00 % by 2 nets that learned from 0.10 times as many pictures.",
  });
  const combined = score(0.9947 - 0.0019, 0.001);
  expect(claim({ tables: tables({ combined }) }, "verification").holds).toBe(true);
  expect(claim({ tables: tables({ combined: score(0.9947 - 0.0021, 0.001) }) }, "verification").holds).toBe(
    false,
  );
});

test("bits hold by Joint Bayesian where they lose no more than the paper's, and not by Hamming distance where they lose more", () => {
  expect(claim({ tables: tables() }, "bits by Joint Bayesian").holds).toBe(true);
  expect(claim({ tables: tables() }, "bits by Hamming distance")).toMatchObject({
    holds: false,
    verdict: expect.stringContaining("5.00 points and 5.00 points"),
  });
});

test("a difference within the noise is not told", () => {
  expect(claim({ tables: tables() }, "nets").holds).toBe(true); // 1 point, error 0.42
  expect(claim({ tables: tables({ single: score(0.955) }) }, "nets").holds).toBeNull();
  expect(claim({ tables: tables({ single: score(0.98) }) }, "nets").holds).toBe(false);
});

test("DeepID2 nets of the same regions are compared where they are", () => {
  const baseline = (mean: number) => ({ tables: { regions: [{ name: "eyes", ...score(mean) }] } });
  expect(claim({ tables: tables() }, "regions").holds).toBeNull();
  expect(claim({ tables: { ...tables(), baseline: baseline(0.88) } }, "regions").holds).toBe(true);
  expect(claim({ tables: { ...tables(), baseline: baseline(0.899) } }, "regions").holds).toBe(false);
  const apart = { tables: { regions: [{ name: "eyes", ...score(0.9) }] }, baseline: baseline(0.88) };
  expect(claim({ tables: tables(), regions: apart }, "regions").holds).toBe(true);
});

test("the results of this repository are read, each claim with the paper's number beside ours", async () => {
  const read = async (file: string) => JSON.parse(await readFile(`results/${file}.json`, "utf8"));
  const claims = tableClaims({
    tables: await read("lfw-tables"),
    regions: await read("lfw-figure-3"),
    lbp: await read("lfw-lbp"),
    identification: await read("lfw-identification"),
  });
  for (const study of ["verification", "identification", "bits by Joint Bayesian"]) {
    const { holds, numbers } = claims.find((one) => one.study === study)!;
    expect(holds).not.toBeNull();
    for (const { paper, ours } of numbers) {
      expect(paper).toMatch(/\d/);
      expect(ours).toMatch(/\d/);
    }
  }
});
