/** How well unknown faces are grouped, for docs/photos.md, from results/cluster.json. */
import { z } from "zod";
import { count } from "../../src/base/text/index.ts";

const F1 = z.object({ f1: z.number() });
const Size = z.object({ pictures: z.number(), people: z.number() });
const Cluster = z.object({
  train: Size,
  test: Size,
  results: z.array(
    z.object({ method: z.string(), threshold: z.number(), test: z.object({ pairwise: F1, bcubed: F1 }) }),
  ),
});

/** Text by the names that documents use. */
export function clusterTexts(read: (path: string) => unknown) {
  const { train, test, results } = Cluster.parse(read("results/cluster.json"));
  const percent = ({ f1 }: z.infer<typeof F1>) => (100 * f1).toFixed(1);
  const rows = results.map(
    ({ method, threshold, test: { pairwise, bcubed } }) =>
      `| ${method} | ${threshold} | ${percent(pairwise)} | ${percent(bcubed)} |`,
  );
  const head = ["| | threshold | pairs, % | BCubed, % |", "|---|---|---|---|"];
  return {
    cluster: () => [...head, ...rows].join("\n"),
    "cluster-train": () => `${count(train.pictures)} pictures of ${count(train.people)} people`,
    "cluster-test": () => `${count(test.pictures)} pictures of ${count(test.people)}`,
  };
}
