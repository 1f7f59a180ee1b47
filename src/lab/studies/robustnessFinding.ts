/** Whether features stand spoiled faces as the paper says, and in its order. Paper: Section 7, Figs 15 and 16. */
import { formatPercent } from "../../base/text/index.ts";
import type { Finding, FindingNumber } from "./finding.ts";
import { type RobustCurve, type RobustLevel, type RobustPoint, robustCurves } from "./robustness.ts";

/** What is left of the lead over guessing at which a system counts as robust. */
export const ROBUST = 0.5;

/** Accuracy lost against clean faces from which a curve counts as dropped: for "who drops first". */
export const DROP = 0.05;

/** The paper's numbers for a level, where its text gives them. */
const PAPER: readonly { corruption: string; level: number; what: string; numbers: string }[] = [
  {
    corruption: "partial",
    level: 40,
    what: "40 % covered from the bottom",
    numbers: "25 nets 93.9 %, FC-2 to FC-4 of one net above 90 %, LBP below 70 %",
  },
  {
    corruption: "block",
    level: 50,
    what: "a random block of 50 x 50 pixels",
    numbers: "25 nets 92.4 %, FC-4 of one net 89.2 %, LBP about 70 %",
  },
  {
    corruption: "frame-block",
    level: 50,
    what: "a block of 50 x 50 pixels anywhere in CelebA's frame of 178 x 218",
    numbers: "FC-4 of one net 89.2 %, if it means this frame",
  },
  {
    corruption: "partial",
    level: 70,
    what: "only forehead and hair left (70 % covered)",
    numbers: "25 nets 88.2 %",
  },
];

/** Where the paper's text says that curves drop. */
const DROPS = [
  {
    corruption: "partial",
    what: `share covered at which ${100 * DROP} points are lost`,
    numbers: "LBP at once (10 to 20 %), FC-1 like LBP, FC-2 to FC-4 slowly, all above 50 %",
    unit: " %",
  },
  {
    corruption: "block",
    what: `side of the block at which ${100 * DROP} points are lost`,
    numbers: "LBP above 20, FC-1 like LBP, FC-2 to FC-4 late",
    unit: "",
  },
] as const;

/**
 * Whether the claim holds: at the paper's two levels the judged system (the deepest tap of the model under study) keeps
 * half of its lead over guessing, and a larger share of it than any system it is compared with.
 */
export function robustnessFinding(levels: readonly RobustLevel[]): Finding {
  const curves = robustCurves(levels);
  const judged = PAPER.slice(0, 2).flatMap(({ corruption, level, what }) => {
    const kept = curves
      .filter((curve) => curve.corruption === corruption)
      .flatMap((curve) => keptAt(curve, level));
    const subject = kept.find(({ role }) => role === "judged");
    if (!subject) return [];
    const rival = kept
      .filter(({ role }) => role === "rival")
      .reduce((most, { share }) => Math.max(most, share), -Infinity);
    return [{ what, subject, rival, robust: subject.share >= ROBUST && subject.share > rival }];
  });
  const holds = judged.length === 0 ? null : judged.every(({ robust }) => robust);
  const told = judged.map(
    ({ what, subject, rival, robust }) =>
      `${robust ? "" : "not "}with ${what}, where ${subject.system} keeps ${formatPercent(subject.share, { digits: 0 })} of its lead over guessing ` +
      `(${formatPercent(subject.accuracy)} right)${Number.isFinite(rival) ? ` and what it is compared with ${formatPercent(rival, { digits: 0 })}` : ""}`,
  );
  const partly = judged.some(({ robust }) => robust);
  return {
    study: "robustness",
    claim:
      "Features of deeper layers lose little when faces are covered, though nothing was learned from covered faces; LBP loses much.",
    where: "Section 7, Figs 14 to 17",
    holds,
    verdict:
      holds === null
        ? "Cannot be measured: neither of the paper's levels (40 % covered, a block of 50) was measured."
        : `${holds ? "Holds" : partly ? "Holds in part" : "Does not hold"} here: ${told.join("; ")}.`,
    numbers: [
      ...cleanNumbers(curves),
      ...levelNumbers(curves),
      ...keptNumbers(curves),
      ...dropNumbers(curves),
    ],
  };
}

/** "FC-3 89.2 %, FC-4 90.9 %": a number of each curve of `corruption` that has one. */
function listed(
  curves: readonly RobustCurve[],
  corruption: string,
  word: (curve: RobustCurve) => string | undefined,
): string {
  return curves
    .filter((curve) => curve.corruption === corruption)
    .flatMap((curve) => {
      const text = word(curve);
      return text === undefined ? [] : [`${curve.system} ${text}`];
    })
    .join(", ");
}

const at = ({ points }: Pick<RobustCurve, "points">, level: number): RobustPoint | undefined =>
  points.find((point) => point.level === level);

function cleanNumbers(curves: readonly RobustCurve[]): FindingNumber[] {
  const ours = listed(curves, curves[0]?.corruption, (curve) => {
    const clean = at(curve, 0);
    return clean && formatPercent(clean.accuracy);
  });
  const paper = "25 nets 99.47 %, FC-4 of the best single net 98.70 %, LBP 95.17 %";
  return ours === "" ? [] : [{ what: "clean faces", paper, ours }];
}

const levelNumbers = (curves: readonly RobustCurve[]): FindingNumber[] =>
  PAPER.flatMap(({ corruption, level, what, numbers }) => {
    const ours = listed(curves, corruption, (curve) => {
      const point = at(curve, level);
      return point && formatPercent(point.accuracy);
    });
    return ours === "" ? [] : [{ what, paper: numbers, ours }];
  });

/** Accuracies start from different heights here: the share of the lead over guessing that is left compares curves. */
const keptNumbers = (curves: readonly RobustCurve[]): FindingNumber[] =>
  PAPER.slice(0, 2).flatMap(({ corruption, level, what }) => {
    const ours = listed(curves, corruption, (curve) => {
      const [kept] = keptAt(curve, level);
      return kept && formatPercent(kept.share, { digits: 0 });
    });
    return ours === "" ? [] : [{ what: `share of the lead over guessing left: ${what}`, ours }];
  });

const dropNumbers = (curves: readonly RobustCurve[]): FindingNumber[] =>
  DROPS.flatMap(({ corruption, what, numbers, unit }) => {
    const ours = listed(curves, corruption, ({ points }) => {
      if (points.length < 3) return undefined; // too few to say where
      const level = dropLevel(points);
      return level === null ? "never" : `${level.toFixed(0)}${unit}`;
    });
    return ours === "" ? [] : [{ what, paper: numbers, ours }];
  });

/** The level at which a curve has first lost `loss` against its clean accuracy, straight between points; null where never. */
export function dropLevel(points: readonly RobustPoint[], loss: number = DROP): number | null {
  const [clean, ...rest] = points;
  if (!clean) return null;
  const floor = clean.accuracy - loss;
  let before = clean;
  for (const point of rest) {
    if (point.accuracy <= floor) {
      const part = (before.accuracy - floor) / (before.accuracy - point.accuracy);
      return before.level + part * (point.level - before.level);
    }
    before = point;
  }
  return null;
}

function keptAt(curve: RobustCurve, level: number) {
  const [clean, spoiled] = [at(curve, 0), at(curve, level)];
  if (!clean || !spoiled) return [];
  const share = (spoiled.accuracy - 0.5) / (clean.accuracy - 0.5);
  return [{ system: curve.system, role: curve.role, share, accuracy: spoiled.accuracy }];
}
