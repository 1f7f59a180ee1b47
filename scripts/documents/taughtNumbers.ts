/** Numbers of the two whole-face nets side by side, and of the default model's operating points. */
import { join } from "node:path";
import { z } from "zod";
import { formatPercent } from "../../src/base/text/index.ts";
import { readResult, Score } from "../../src/lab/results/index.ts";
import { operatingPoints, sharesAtLeast } from "../../src/matching/match/index.ts";
import { DEFAULT_MODEL, modelFolder, openSystem, readCard } from "../../src/nets/models/index.ts";

const Verification = z.object({
  pairs: z.number(),
  metrics: z.array(Score.extend({ metric: z.string() })).default([]),
  accuracy: z.object({ mean: z.number(), standardError: z.number() }),
});
const Groups = z.object({
  groups: z.array(
    z.object({
      group: z.string(),
      accuracy: z.object({ value: z.number() }),
      falseAccept: z.object({ value: z.number() }),
      falseReject: z.object({ value: z.number() }),
    }),
  ),
});

const Codes = z.object({
  systems: z
    .array(z.object({ binary: z.array(z.object({ of: z.string(), jointBayesian: Score })).min(1) }))
    .min(1),
});

const Identified = z.object({
  closed: z.object({ rank1: z.object({ mean: z.number() }) }),
});

export type Texts = Record<string, () => string>;

/** Of the taught net (taught-…) and of the net that learned from labels alone (labels-…), read in the folder of results. */
export async function taughtNumbers(folder: string): Promise<Texts> {
  const read: Read = async (file, schema) => schema.parse(await readResult(join(folder, `${file}.json`)));
  const taught = await read("taught-verification", Verification);
  const withCohort = await read("taught-verification-calibrated", Verification);
  const codes = await read("taught-codes", Codes);
  const view1 = await Promise.all(
    ["test", "train"].map((part) => read(`taught-view1-joint-bayesian-${part}`, Verification)),
  );
  const pairs = view1.reduce((sum, part) => sum + part.pairs, 0);
  const right = view1.reduce((sum, part) => sum + part.pairs * part.accuracy.mean, 0);
  return {
    ...accuracies("taught", taught),
    "taught-bits": () => percent(bitsOf(codes, "neurons").jointBayesian.accuracy),
    "taught-codes-bits": () => percent(bitsOf(codes, "matcher").jointBayesian.accuracy),
    "taught-cohort": () => percent(withCohort.accuracy),
    "taught-view1": () => formatPercent(right / pairs, { digits: 2 }),
    ...accuracies("labels", await read("lfw-verification", Verification)),
    ...groups("taught", await read("taught-bias-calibrated", Groups)),
    ...groups("taught-plain", await read("taught-bias-joint-bayesian", Groups)),
    ...groups("labels", await read("lfw-bias-calibrated", Groups)),
    ...groups("labels-plain", await read("lfw-bias", Groups)),
    ...(await points()),
    ...(await taughtRegions(read)),
  };
}

const bitsOf = ({ systems }: z.infer<typeof Codes>, of: "neurons" | "matcher") =>
  systems[0].binary.find((one) => one.of === of)!;

type Read = <S extends z.ZodType>(file: string, schema: S) => Promise<z.infer<S>>;

/** Of the taught nets of several regions together. */
async function taughtRegions(read: Read): Promise<Texts> {
  const { closed } = await read("taught-regions-identification", Identified);
  return {
    ...accuracies("taught-regions", await read("taught-regions-verification", Verification)),
    ...accuracies(
      "taught-regions-cohort",
      await read("taught-regions-verification-calibrated", Verification),
    ),
    ...groups("taught-regions-plain", await read("taught-regions-bias", Groups)),
    ...groups("taught-regions", await read("taught-regions-bias-calibrated", Groups)),
    "taught-regions-rank-1": () => formatPercent(closed.rank1.mean, { digits: 1 }),
  };
}

const percent = ({ mean, standardError: error }: z.infer<typeof Score>["accuracy"]) =>
  formatPercent(mean, { digits: 2, error });

function accuracies(name: string, { accuracy, metrics }: z.infer<typeof Verification>): Texts {
  const others = metrics.map(({ metric, accuracy }) => [`${name}-${metric}`, () => percent(accuracy)]);
  return { [name]: () => percent(accuracy), ...Object.fromEntries(others) };
}

/** Where 1 % of all pairs of strangers pass: of Black and of Asian ones; true pairs refused; accuracy among everybody. */
function groups(name: string, { groups }: z.infer<typeof Groups>): Texts {
  const of = (group: string) => groups.find((one) => one.group === group)!;
  const share = (value: number) => () => formatPercent(value, { digits: 1 });
  return {
    [`${name}-black`]: share(of("Black").falseAccept.value),
    [`${name}-asian`]: share(of("Asian").falseAccept.value),
    [`${name}-refused`]: share(of("everybody").falseReject.value),
    [`${name}-refused-black`]: share(of("Black").falseReject.value),
  };
}

/** The default model's accuracy and operating points, on people it had not seen. */
async function points(): Promise<Texts> {
  const { validation } = await readCard(modelFolder(DEFAULT_MODEL));
  const { accuracy } = validation as { accuracy: number };
  const system = await openSystem(modelFolder(DEFAULT_MODEL));
  const calibration = system.matcher!.calibration!;
  const { strict, balanced } = operatingPoints(calibration);
  await system.release();
  return Object.fromEntries([
    ["taught-validation", () => formatPercent(accuracy, { digits: 1 })],
    ["even-odds-strangers", () => `1 in ${Math.round(1 / sharesAtLeast(calibration, 0).different)}`],
    ...Object.entries({ strict, balanced }).flatMap(([name, { score, falseRejectRate }]) => [
      [`${name}-score`, () => score.toFixed(2)],
      [`${name}-probability`, () => formatPercent(1 / (1 + Math.exp(-score)), { digits: 1 })],
      [`${name}-accepted`, () => formatPercent(1 - falseRejectRate, { digits: 0 })],
    ]),
  ]);
}
