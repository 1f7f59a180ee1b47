/** What the folder of results holds, claim by claim: files as `deepid reproduce`, `evaluate` and `study` have written them. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { DataError } from "../../base/errors/index.ts";
import { tableClaims } from "../../lab/paper/index.ts";
import type { Answer } from "./client.ts";

const Score = z.object({ accuracy: z.object({ mean: z.number(), standardError: z.number() }) });
const Regions = z.array(Score.extend({ name: z.string() }));
const Baseline = z.object({ tables: z.object({ regions: Regions }) }).nullish();
const RegionNets = z.object({ tables: z.object({ regions: Regions }), baseline: Baseline });
const Tables = z.object({
  system: z.object({ trainedOn: z.object({ people: z.number(), pictures: z.number() }) }),
  tables: z.object({
    nets: z.number(),
    combined: Score,
    single: Score,
    regions: Regions,
    binary: z.array(z.object({ nets: z.number(), jointBayesian: Score.nullable(), hamming: Score })).min(1),
  }),
  baseline: Baseline,
});
const Spread = z.object({ mean: z.number(), deviation: z.number() });
const Identification = z.object({
  closed: z.object({ rank1: Spread }),
  openMany: z.object({ detection: z.array(z.object({ falseAlarmRate: z.number(), rate: Spread })) }),
});
const Findings = z.object({
  findings: z.array(
    z.object({
      study: z.string(),
      claim: z.string(),
      where: z.string(),
      holds: z.boolean().nullable(),
      verdict: z.string(),
      numbers: z.array(z.object({ what: z.string(), paper: z.string().optional(), ours: z.string() })),
    }),
  ),
});

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

type Claims = Pick<Answer<"paper">, "claims" | "further">;

/** Reads the results in `folder`; none of them need be there. */
export async function readClaims(folder: string): Promise<Claims> {
  const files = existsSync(folder) ? (await readdir(folder)).sort() : [];
  const read = async <T>(name: string, schema: z.ZodType<T>): Promise<T | undefined> =>
    files.includes(name) ? parsed(await readFile(join(folder, name), "utf8"), name, schema) : undefined;
  const studies = await Promise.all(
    files.filter((name) => name.endsWith("studies.json")).map((name) => read(name, Findings)),
  );
  const claims = [
    ...tableClaims({
      tables: await read("lfw-tables.json", Tables),
      regions: await read("lfw-figure-3.json", RegionNets),
      lbp: await read("lfw-lbp.json", Score),
      identification: await read("lfw-identification.json", Identification),
      video: await read("youtube-faces.json", Score),
    }),
    ...studies.flatMap((study) => study?.findings ?? []),
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

function parsed<T>(text: string, name: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new DataError(`${name}: not results as this version writes them`, { cause });
  }
}

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
