/** What the study of activation histograms finds. Paper: Section 6.3. */
import { formatPercent } from "../../base/text/index.ts";
import { type ActivationStudy, type ClassFiring, SHIFT } from "./activations.ts";
import type { Finding } from "./finding.ts";

/** Whether neurons that fire for some pictures fire for most, or for few, of a person. */
export function activationFinding({ classes }: ActivationStudy): Finding {
  const mean = (pick: (of: ClassFiring) => number) =>
    classes.reduce((sum, of) => sum + pick(of) / classes.length, 0);
  const [excited, inhibited] = (["excited", "inhibited"] as const).map((kind) => ({
    onClass: mean((of) => of[kind].onClass),
    onAll: mean((of) => of[kind].onAll),
  }));
  const holds =
    classes.length === 0
      ? null
      : excited.onClass - excited.onAll >= SHIFT && inhibited.onAll - inhibited.onClass >= SHIFT;
  return {
    study: "activations",
    claim:
      "A neuron is silent for about half of all pictures; for a person or an attribute some neurons always fire, and others never.",
    where: "Section 6.3, Figs 1, 12 and 13",
    holds,
    verdict:
      holds === null
        ? "Cannot be measured: there are no people or attributes to ask about."
        : `${holds ? "Holds" : "Does not hold"} here: over ${classes.length} people and attributes the best excited neurons fire for ` +
          `${formatPercent(excited.onClass, { digits: 0 })} of the pictures of their class and ${formatPercent(excited.onAll, { digits: 0 })} of all, the best ` +
          `inhibited ones for ${formatPercent(inhibited.onClass, { digits: 0 })} and ${formatPercent(inhibited.onAll, { digits: 0 })}.`,
    numbers: [
      {
        what: "best excited neurons fire, on their class and on all pictures",
        ours: `${formatPercent(excited.onClass)}, ${formatPercent(excited.onAll)}`,
      },
      {
        what: "best inhibited neurons",
        ours: `${formatPercent(inhibited.onClass)}, ${formatPercent(inhibited.onAll)}`,
      },
    ],
  };
}
