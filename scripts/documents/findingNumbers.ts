/** Single numbers of the studies, for docs/paper.md, docs/limits.md and docs/photos.md. */
import { z } from "zod";
import { formatPercent } from "../../src/base/text/index.ts";

const Studies = z.object({
  findings: z.array(z.object({ numbers: z.array(z.object({ what: z.string(), ours: z.string() })) })),
});
const Robustness = z.object({
  results: z.object({
    robustness: z.object({
      levels: z.array(
        z.object({
          corruption: z.string(),
          level: z.number(),
          measurements: z.array(z.object({ name: z.string(), accuracy: z.number() })),
        }),
      ),
    }),
  }),
});
const Attributes = z.object({
  attributes: z.array(z.object({ accuracy: z.number(), neuron: z.object({ accuracy: z.number() }) })),
});

/** `what` in results/lfw-studies.json, by the names that documents use. */
const QUOTED = {
  "neurons-firing": "neurons that fire for a picture",
  "pictures-firing": "pictures for which a neuron fires",
  "best-neuron-person": "best single neuron on any person",
  "best-neuron-attribute": "best single neuron on any attribute",
  "excited-neurons": "best excited neurons fire, on their class and on all pictures",
};

const median = (values: readonly number[]) => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};

/** By the names that documents use. */
export function findingNumbers(read: (path: string) => unknown): Readonly<Record<string, () => string>> {
  const numbers = Studies.parse(read("results/lfw-studies.json")).findings.flatMap(({ numbers }) => numbers);
  const { levels } = Robustness.parse(read("results/lfw-robustness-ten-folds.json")).results.robustness;
  const { attributes } = Attributes.parse(read("results/lfw-attributes.json"));
  const quote = ([name, what]: [string, string]) => [
    name,
    () => numbers.find((number) => number.what === what)!.ours,
  ];
  const at = (corruption: string, level: number) => () =>
    share(
      levels
        .find((one) => one.corruption === corruption && one.level === level)!
        .measurements.find(({ name }) => name === "FC-4")!.accuracy,
    );
  const share = (value: number) => formatPercent(value, { digits: 1 });
  return {
    ...Object.fromEntries(Object.entries(QUOTED).map(quote)),
    "partial-40": at("partial", 40),
    "block-50": at("block", 50),
    "frame-block-50": at("frame-block", 50),
    "attributes-number": () => String(attributes.length),
    "attributes-all": () => share(median(attributes.map(({ accuracy }) => accuracy))),
    "attributes-one": () => share(median(attributes.map(({ neuron }) => neuron.accuracy))),
  };
}
