/** What documents say of Figure 3: DeepID2+ nets and DeepID2 nets of the same regions, each alone. */
import type { Texts } from "./taughtNumbers.ts";

interface Arm {
  readonly tables: { readonly regions: readonly { name: string; accuracy: { mean: number } }[] };
}

/** Reads results/lfw-figure-3.json. */
// biome-ignore lint/suspicious/noExplicitAny: as in evaluationTables.ts
export function figure3(read: (path: string) => any): Texts {
  const rows = () => {
    const { tables, baseline }: Arm & { readonly baseline: Arm } = read("results/lfw-figure-3.json");
    return tables.regions.map(({ name, accuracy }, i) => ({
      name,
      plus: 100 * accuracy.mean,
      before: 100 * baseline.tables.regions[i].accuracy.mean,
    }));
  };
  const gains = () => rows().map(({ plus, before }) => plus - before);
  return {
    "figure-3-regions": () =>
      rows()
        .map(({ name, plus, before }) => `${name} ${plus.toFixed(2)} and ${before.toFixed(2)} %`)
        .join(", "),
    "figure-3-gain": () =>
      `${(gains().reduce((sum, gain) => sum + gain, 0) / gains().length).toFixed(1)} points`,
  };
}
