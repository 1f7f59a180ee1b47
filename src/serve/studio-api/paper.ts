/** What the folder of results holds, claim by claim: files as `deepid reproduce`, `evaluate` and `study` have written them. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import { tableClaims } from "../../lab/paper/index.ts";
import {
  Findings,
  Identification,
  RegionNets,
  type ResultKind,
  readResults,
  Score,
  Tables,
} from "../../lab/results/index.ts";
import type { Answer } from "./client.ts";

/** The figures of a claim: files that begin so. The first claim takes a figure; the rest are shown at the end. */
const FIGURES: readonly (readonly [study: string, ...prefixes: string[]])[] = [
  ["verification", "lfw-figure-4"],
  ["nets", "lfw-nets"],
  ["regions", "lfw-figure-3"],
  ["identification", "lfw-identification"],
  ["bits by Joint Bayesian", "lfw-codes"],
  ["sparsity", "lfw-sparsity"],
  ["selectivity", "lfw-selectivity", "lfw-attribute", "lfw-identity", "lfw-excitation", "lfw-single"],
  ["robustness", "lfw-robust", "lfw-occlu", "lfw-block"],
];

/** Which result a claim of the tables is measured by. */
const MEASURED_BY: Readonly<Record<string, ResultKind>> = {
  regions: "regions",
  identification: "identification",
  video: "video",
};

type Claims = Pick<Answer<"paper">, "claims" | "further">;

/** Reads the results in `folder`; none of them need be there. */
export async function readClaims(folder: string): Promise<Claims> {
  const files = existsSync(folder) ? (await readdir(folder)).sort() : [];
  const results = (await readResults(folder)).map(({ file, content }) => ({ file, ...content }));
  const first = <S extends z.ZodType>(kind: ResultKind, schema: S): z.infer<S> | undefined => {
    const found = results.find((of) => of.result.kind === kind && schema.safeParse(of).success);
    return found && schema.parse(found);
  };
  const lbp = results.find(({ file }) => file === "lfw-lbp.json");
  const resultOf = (study: string) =>
    results.find(({ result }) => result.kind === (MEASURED_BY[study] ?? "tables"))?.result;
  const claims = [
    ...tableClaims({
      tables: first("tables", Tables),
      regions: first("regions", RegionNets),
      lbp: lbp && Score.parse(lbp),
      identification: first("identification", Identification),
      video: first("video", Score),
    }).map((claim) => {
      const { command = null, stale } = resultOf(claim.study) ?? {};
      return { ...withAge(claim, stale), command };
    }),
    ...results
      .filter(({ result }) => result.kind === "studies")
      .flatMap((study) =>
        Findings.parse(study).findings.map((finding) => ({
          ...withAge(finding, study.result.stale),
          command: study.result.command,
        })),
      ),
  ];
  const svgs = files.filter((name) => FIGURE.test(name));
  const prefixesOf = (study: string) => FIGURES.find(([name]) => name === study)?.slice(1) ?? [];
  const taken = new Set<string>();
  const withFigures = [];
  for (const claim of claims) {
    const own = svgs.filter((name) => prefixesOf(claim.study).some((prefix) => name.startsWith(prefix)));
    const fresh = own.filter((name) => !taken.has(name));
    for (const name of fresh) taken.add(name);
    const numbers = claim.numbers.map(({ what, paper = null, ours }) => ({ what, paper, ours }));
    withFigures.push({ ...claim, numbers, figures: await titled(folder, fresh) });
  }
  return {
    claims: withFigures,
    further: await titled(
      folder,
      svgs.filter((name) => !taken.has(name)),
    ),
  };
}

/** Names of figures: nothing that leads out of the folder. */
export const FIGURE = /^[\w-]{1,80}\.svg$/;

/** A stale result says so where its verdict is read. */
const withAge = <F extends { readonly verdict: string }>(finding: F, stale: string | undefined): F =>
  stale === undefined ? finding : { ...finding, verdict: `${finding.verdict} (Stale: ${stale}.)` };

/** Figures with what they say of themselves. */
const titled = (folder: string, names: readonly string[]) =>
  Promise.all(
    names.map(async (file) => {
      const svg = await readFile(join(folder, file), "utf8");
      const [, title = file] = /<title>([^<]*)<\/title>/.exec(svg) ?? [];
      const [, width = "0"] = /^<svg [^>]*?\bwidth="(\d+)/.exec(svg) ?? [];
      return { file, title, width: Number(width) };
    }),
  );
