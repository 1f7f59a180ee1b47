/** How long people wait at first use, from results/first-use.json, which `bench/firstUse.ts` writes. */
import { z } from "zod";
import { count } from "../../src/base/text/index.ts";
import { table } from "./table.ts";

const Many = z.object({ photos: z.number(), seconds: z.number() });
const FirstUse = z.object({
  verifySeconds: z.object({ median: z.number() }),
  enroll: Many,
  identify: Many,
  cluster: Many,
});

const seconds = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} s`;

/** By the names that the documents use. */
export function firstUse(read: (path: string) => unknown): Record<string, () => string> {
  const times = () => FirstUse.parse(read("results/first-use.json"));
  return {
    "first-use-verify": () => seconds(times().verifySeconds.median),
    "first-use": () => {
      const { verifySeconds, enroll, identify, cluster } = times();
      const row = (command: string, { photos, seconds: took }: z.infer<typeof Many>) => [
        `\`${command}\`, ${count(photos)} photos`,
        seconds(took),
      ];
      return table(
        ["from the command's start to its end", ""],
        [
          row("deepid verify", { photos: 2, seconds: verifySeconds.median }),
          row("deepid gallery import", enroll),
          row("deepid identify", identify),
          row("deepid cluster", cluster),
        ],
      );
    },
  };
}
