/** Whether sparsity comes from dropout, from nets that were trained for it (scripts/dropout.ts) to its part of the page. */
import { z } from "zod";
import { DataError, schemaProblems } from "../../../base/errors/index.ts";
import { readText } from "../../../base/files/index.ts";
import { barFigure } from "../../report/index.ts";
import { type DropoutNet, dropoutFinding } from "../../studies/index.ts";
import type { StudyPart } from "./page.ts";

const share = z.number().min(0).max(1);
const Spread = z.object({
  mean: share,
  deviation: share,
  histogram: z.object({ from: z.number(), to: z.number(), counts: z.array(z.number()) }),
});
const Nets = z.object({
  nets: z
    .array(
      z.object({
        rate: share,
        accuracy: share,
        layers: z.array(z.object({ name: z.string(), ofNeurons: Spread, ofPictures: Spread })).min(1),
      }),
    )
    .min(2),
}) satisfies z.ZodType<{ nets: readonly DropoutNet[] }>;

/** Reads results/dropout.json, or another file of the script. */
export async function readDropout(path: string): Promise<readonly DropoutNet[]> {
  const parsed = await readText(path)
    .then((text) => Nets.safeParse(JSON.parse(text)))
    .catch((cause: Error) => {
      throw new DataError(`${path}: cannot be read: ${cause.message}`, { cause });
    });
  if (parsed.success) return parsed.data.nets;
  throw new DataError(`${path}: not what scripts/dropout.ts writes: ${schemaProblems(parsed.error)}`);
}

/** Every layer at every rate as a bar. */
export function dropoutPart(nets: readonly DropoutNet[]): StudyPart {
  const bars = nets.flatMap(({ rate, layers }) =>
    layers.map(({ name, ofNeurons: { mean, deviation } }, i) => ({
      name: `dropout ${rate}, ${name}`,
      value: mean,
      error: deviation,
      highlight: i === layers.length - 1,
    })),
  );
  return {
    title: "Not by dropout",
    finding: dropoutFinding(nets),
    result: nets,
    figures: [
      {
        file: "dropout",
        svg: barFigure(bars, {
          label: "Neurons that fire for a picture (bars: standard deviation)",
          from: 0,
          to: 1,
        }),
        data: bars,
        caption:
          "Nets that differ in nothing but the rate of dropout, on people they have not seen; FC-4 is highlighted.",
      },
    ],
  };
}
