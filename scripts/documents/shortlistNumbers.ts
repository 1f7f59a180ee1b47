/** What documents say of the shortlist of codes, from results/shortlist.json, which `deepid bench shortlist` writes. */
import { join } from "node:path";
import { z } from "zod";
import { formatPercent } from "../../src/base/text/index.ts";
import { readResult } from "../../src/lab/results/index.ts";

const Lists = z.array(z.object({ size: z.number(), sameFace: z.number() }));
const Shortlists = z.object({ probes: z.number(), shortlists: Lists, ofNeurons: Lists });

/** By the names that documents use. */
export async function shortlistNumbers(folder: string): Promise<Readonly<Record<string, () => string>>> {
  const { probes, shortlists, ofNeurons } = Shortlists.parse(
    await readResult(join(folder, "shortlist.json")),
  );
  const found = (lists: z.infer<typeof Lists>) => lists.find(({ size }) => size === 200)!.sameFace;
  const share = (value: number) => () => formatPercent(value, { digits: 1 });
  return {
    "shortlist-probes": () => probes.toLocaleString("en-US"),
    "shortlist-200": share(found(shortlists)),
    "shortlist-200-neurons": share(found(ofNeurons)),
    "shortlist-200-missed": share(1 - found(shortlists)),
    "shortlist-200-missed-neurons": share(1 - found(ofNeurons)),
  };
}
