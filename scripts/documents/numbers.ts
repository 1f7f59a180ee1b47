/** Numbers of results/ by the names that documents use. */
import { join } from "node:path";
import { z } from "zod";
import { count, formatPercent } from "../../src/base/text/index.ts";
import { readResult, Score, Tables } from "../../src/lab/results/index.ts";
import { readCard } from "../../src/nets/models/index.ts";

const Rate = z.object({ mean: z.number(), deviation: z.number() });
const OpenSet = z.object({ detection: z.array(z.object({ falseAlarmRate: z.number(), rate: Rate })) });
const Drawn = z.object({ closed: z.object({ rank1: Rate }), openSingle: OpenSet });
const DrawnFor = z.object({ identification: Drawn });
const Codes = z.object({
  systems: z.array(
    z.object({ real: Score, binary: z.array(z.object({ jointBayesian: Score, hamming: Score })) }),
  ),
});

type Name =
  | "one-net"
  | "one-net-of-all"
  | "all-nets"
  | "nets"
  | "lbp"
  | "one-net-bits"
  | "one-net-hamming"
  | "all-nets-bits"
  | "all-nets-hamming"
  | "rank-1"
  | "one-net-rank-1"
  | "one-net-own-rank-1"
  | "found"
  | "one-net-found"
  | "training-pictures"
  | "training-people"
  | "regions-pictures"
  | "regions-people"
  | "region-lowest"
  | "region-highest"
  | "gain-of-nets";

export type Numbers = Readonly<Record<Name, () => string>>;

/** Reads the results in `folder`. */
export async function numbersOf(folder: string): Promise<Numbers> {
  const read = async <S extends z.ZodType>(file: string, schema: S): Promise<z.infer<S>> =>
    schema.parse(await readResult(join(folder, file)));
  const { system, tables } = await read("lfw-tables.json", Tables);
  const lbp = await read("lfw-lbp.json", Score);
  const [net] = (await read("lfw-codes.json", Codes)).systems;
  const verified = await read("lfw-verification.json", Score);
  const { training } = await readCard("models/whole-face");
  const all = (await read("lfw-tables.json", DrawnFor)).identification;
  const one = (await read("lfw-identification-one-net.json", DrawnFor)).identification;
  const own = await read("lfw-identification.json", Drawn);
  const score =
    ({ accuracy: { mean, standardError: error } }: z.infer<typeof Score>) =>
    () =>
      formatPercent(mean, { digits: 2, error });
  const share =
    (value: number, digits = 1) =>
    () =>
      formatPercent(value, { digits });
  const found = ({ openSingle }: z.infer<typeof Drawn>) =>
    openSingle.detection.find(({ falseAlarmRate }) => falseAlarmRate === 0.01)!.rate.mean;
  const last = tables.binary[tables.binary.length - 1];
  const regions = tables.regions.map(({ accuracy }) => accuracy.mean);
  return {
    "one-net": score(verified),
    "one-net-of-all": score(tables.single),
    "all-nets": score(tables.combined),
    nets: () => String(tables.nets),
    lbp: score(lbp),
    "one-net-bits": score(net.binary[0].jointBayesian),
    "one-net-hamming": score(net.binary[0].hamming),
    "all-nets-bits": score(last.jointBayesian!),
    "all-nets-hamming": score(last.hamming),
    "rank-1": share(all.closed.rank1.mean),
    "one-net-rank-1": share(one.closed.rank1.mean),
    "one-net-own-rank-1": share(own.closed.rank1.mean),
    found: share(found(all)),
    "one-net-found": share(found(one)),
    "training-pictures": () => count(training.pictures),
    "training-people": () => count(training.people),
    "regions-pictures": () => count(system.trainedOn.pictures),
    "regions-people": () => count(system.trainedOn.people),
    "region-lowest": share(Math.min(...regions), 2),
    "region-highest": share(Math.max(...regions), 2),
    "gain-of-nets": () =>
      `${(100 * (tables.combined.accuracy.mean - tables.single.accuracy.mean)).toFixed(1)} points`,
  };
}
