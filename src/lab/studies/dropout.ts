/**
 * Does sparsity come from dropout? Nets that differ in nothing but its rate, and how many of their neurons fire.
 * Paper: Section 5: "the sparsity level is not affected by the dropout rate".
 */

import { InputError } from "../../base/errors/index.ts";
import { formatPercent } from "../../base/text/index.ts";
import type { Finding } from "./finding.ts";
import { MODERATE, type Sparsity } from "./sparsity.ts";

/** One net. */
export interface DropoutNet {
  /** Share of the neurons of each FC-n silenced in training. */
  readonly rate: number;
  /** By layer, the last the deepest; on people it has not seen. */
  readonly layers: readonly ({ readonly name: string } & Pick<Sparsity, "ofNeurons" | "ofPictures">)[];
  /** Verification accuracy on such people, a share. */
  readonly accuracy: number;
}

/** Whether the deepest layer is moderately sparse at every rate, 0 among them. */
export function dropoutFinding(nets: readonly DropoutNet[]): Finding {
  if (!(nets.length >= 2 && nets.some(({ rate }) => rate === 0))) {
    throw new InputError(
      `dropout: needs nets of several rates, 0 among them, got ${nets.map(({ rate }) => rate).join(", ") || "none"}`,
    );
  }
  const byRate = [...nets].sort((p, q) => p.rate - q.rate);
  const deepest = byRate.map(({ layers }) => layers[layers.length - 1]);
  const shares = deepest.map(({ ofNeurons }) => ofNeurons.mean);
  const holds = shares.every((share) => share >= MODERATE.from && share <= MODERATE.to);
  const listed = byRate.map(({ rate }, i) => `${formatPercent(shares[i])} at ${rate}`).join(", ");
  const spread = Math.max(...shares) - Math.min(...shares);
  return {
    study: "dropout",
    claim: "Sparsity does not come from dropout: it is moderate at every rate, and without dropout too.",
    where: "Section 5",
    holds,
    verdict:
      `${holds ? "Holds" : "Does not hold"} here: with rates ${byRate.map(({ rate }) => rate).join(", ")} the share of firing ` +
      `neurons of ${deepest[0].name} is ${holds ? "always" : "not always"} between ${formatPercent(MODERATE.from, { digits: 0 })} and ` +
      `${formatPercent(MODERATE.to, { digits: 0 })} (${listed}); the rates differ by ${(100 * spread).toFixed(1)} points at most.`,
    numbers: [
      {
        what: `neurons of ${deepest[0].name} that fire, by rate`,
        paper: "57.0 % at 0.5; holds for other rates and without dropout",
        ours: listed,
      },
      {
        what: "verification accuracy of the same nets, by rate",
        ours: byRate.map(({ rate, accuracy }) => `${formatPercent(accuracy)} at ${rate}`).join(", "),
      },
    ],
  };
}
