/** What the default model answers about whole photos, from results/own-photos.json, which `bench/ownPhotos.ts` writes. */
import { z } from "zod";
import { formatPercent } from "../../src/base/text/index.ts";
import { table } from "./table.ts";

const Verdicts = z.object({
  same: z.number(),
  "probably the same": z.number(),
  different: z.number(),
  refused: z.number(),
});
const Round = z.object({
  known: z.number(),
  named: z.number(),
  misnamed: z.number(),
  strangers: z.number(),
  strangersNamed: z.number(),
});
const OwnPhotos = z.object({
  pairs: z.object({ genuine: Verdicts, impostors: Verdicts }),
  groups: z.object({ rounds: z.array(Round) }),
});

/** By the names that the documents use. */
export function ownPhotos(read: (path: string) => unknown): Record<string, () => string> {
  const measured = () => OwnPhotos.parse(read("results/own-photos.json"));
  return {
    "own-photos": () => {
      const { pairs, groups } = measured();
      const { genuine, impostors } = pairs;
      const all = (of: z.infer<typeof Verdicts>) => Object.values(of).reduce((sum, value) => sum + value, 0);
      const accepted = (of: z.infer<typeof Verdicts>) => of.same + of["probably the same"];
      const sum = (key: keyof z.infer<typeof Round>) =>
        groups.rounds.reduce((total, round) => total + round[key], 0);
      const row = (what: string, part: number, of: number) => [
        what,
        `${part} of ${of}`,
        formatPercent(part / of, { digits: 1 }),
      ];
      const refused = genuine.refused + impostors.refused;
      return table(
        ["", "", ""],
        [
          row(
            `\`verify\`: genuine pairs accepted (strict: ${genuine.same})`,
            accepted(genuine),
            all(genuine),
          ),
          row(`impostor pairs accepted (strict: ${impostors.same})`, accepted(impostors), all(impostors)),
          row("pairs refused, as no face or no main face is found", refused, all(genuine) + all(impostors)),
          row("`identify`, known people named", sum("named"), sum("known")),
          row("known people given another's name", sum("misnamed"), sum("known")),
          row("unknown people named", sum("strangersNamed"), sum("strangers")),
        ],
      );
    },
  };
}
