/** Tables of docs/training.md: whom the matcher is fitted on, variants of the last cycle, frozen convolutions. */
import { z } from "zod";
import { count } from "../../src/base/text/index.ts";
import { table } from "./table.ts";

const Fitted = z.object({
  trainedPeople: z.number(),
  people: z.number(),
  pictures: z.number(),
  validation: z.record(z.string(), z.number()),
});
const Accuracies = z.object({ validation: z.object({ cosine: z.number(), jointBayesian: z.number() }) });
const Variants = z.object({
  start: Accuracies,
  variants: z.array(Accuracies.extend({ variant: z.string() })),
});
const Frozen = z.object({
  people: z.number(),
  sample: z.number(),
  milliseconds: z.object({ float32: z.number(), eightBits: z.number(), sampled: z.number() }),
});

/** By the names that documents use. */
export function trainingTables(read: (path: string) => unknown) {
  const fitted = z.object({ results: z.array(Fitted) }).parse(read("results/matcher-people.json")).results;
  const variants = Variants.parse(read("results/whole-face-variants.json"));
  const frozen = Frozen.parse(read("results/frozen.json"));
  const at180 =
    ({ validation }: z.infer<typeof Fitted>) =>
    () =>
      `${(100 * validation["180"]).toFixed(1)} %`;
  return {
    "matcher-people": () => matcherTable(fitted),
    "matcher-held-out": at180(fitted.find(({ trainedPeople }) => trainedPeople === 0)!),
    "matcher-with-trained": at180(fitted.find(({ trainedPeople }) => trainedPeople > 0)!),
    variants: () => variantsTable(variants),
    frozen: () => frozenTable(frozen),
  };
}

function matcherTable(fitted: readonly z.infer<typeof Fitted>[]): string {
  const components = Object.keys(fitted[0].validation);
  return table(
    ["fitted on", "pictures", ...components.map((number) => `${number} components`)],
    fitted.map(({ people, trainedPeople, pictures, validation }) => [
      `${people - trainedPeople} held-out people${trainedPeople > 0 ? ` and ${count(trainedPeople)} training people` : ""}`,
      count(pictures),
      ...components.map((number) => (100 * validation[number]).toFixed(1)),
    ]),
  );
}

const variantsTable = ({ start, variants }: z.infer<typeof Variants>): string =>
  table(
    ["variant", "cosine", "Joint Bayesian"],
    [{ variant: "before the cycle", ...start }, ...variants].map(({ variant, validation }) => [
      variant,
      validation.cosine.toFixed(1),
      validation.jointBayesian.toFixed(1),
    ]),
  );

const frozenTable = ({ people, sample, milliseconds }: z.infer<typeof Frozen>): string =>
  table(
    ["frozen convolutions", "softmax over", "ms per step"],
    [
      ["float32", `all ${count(people)} people`, milliseconds.float32.toFixed(0)],
      ["8-bit integers", `all ${count(people)} people`, milliseconds.eightBits.toFixed(0)],
      ["8-bit integers", `${count(sample)} people (\`sample: ${sample}\`)`, milliseconds.sampled.toFixed(0)],
    ],
  );
