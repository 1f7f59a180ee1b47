/** The study of robustness, from levels to its part of the page. */

import { formatPercent } from "../../../base/text/index.ts";
import { faceUri } from "../../../faces/data/index.ts";
import { numeric, type ReportImage, robustFigure, stripFigure, type Table } from "../../report/index.ts";
import {
  corruptedFaces,
  type RobustCurve,
  type RobustLevel,
  type RobustMeasurement,
  robustCurves,
  robustnessFinding,
} from "../../studies/index.ts";
import type { PageFigure } from "../pageFigures.ts";
import type { StudyPart } from "./page.ts";
import type { RobustnessPlan } from "./robustLevels.ts";

/** What was spoiled, and how. */
export interface RobustScene {
  readonly corruptions: readonly { readonly name: string; readonly label: string }[];
  /** Whose mean activations are drawn. */
  readonly person: string;
  readonly pictures: number;
  readonly images?: readonly ReportImage[];
}

/** The part of the page. */
export function robustnessPart(
  levels: readonly RobustLevel[],
  { corruptions, person, pictures, images }: RobustScene,
): StudyPart {
  const curves = robustCurves(levels);
  const drawn = corruptions
    .map(({ name, label }) => ({
      name,
      label,
      curves: curves.filter((of) => of.corruption === name),
    }))
    .filter(({ curves: own }) => own.some(({ points }) => points.length > 1));
  return {
    title: "Robust",
    finding: robustnessFinding(levels),
    result: { person, pictures, levels: levels.map(withoutStrips) },
    figures: drawn.flatMap((of) => [
      accuracyFigure(of),
      ...stripsOf(levels, of.name, person),
      ...flipsFigure(of),
    ]),
    tables: drawn.map(levelsTable),
    images,
  };
}

/** The same of a plan, with one face at every level. */
export async function partOfPlan(plan: RobustnessPlan, levels: readonly RobustLevel[]): Promise<StudyPart> {
  return robustnessPart(levels, {
    corruptions: plan.corruptions.map(({ corruption }) => corruption),
    person: plan.person,
    pictures: plan.faces.count,
    images: await exampleFaces(plan),
  });
}

interface Drawn {
  readonly name: string;
  readonly label: string;
  readonly curves: readonly RobustCurve[];
}

function accuracyFigure({ name, label, curves }: Drawn): PageFigure {
  const figure = { partial: "Fig. 15: ", block: "Fig. 16: " }[name] ?? "Beyond the paper: ";
  return {
    file: `robustness-${name}`,
    svg: robustFigure(curves, { label }),
    caption: `${figure}verification with both faces of every pair spoiled; everything was learned on clean faces.`,
    data: { corruption: name, label, curves },
  };
}

function flipsFigure({ name, label, curves }: Drawn): PageFigure[] {
  const own = curves.filter(({ role }) => role !== "rival");
  if (own.length === 0) return [];
  return [
    {
      file: `robustness-${name}-flips`,
      svg: robustFigure(own, { label, measure: "flipped" }),
      caption: "Share of the bits (activation above zero) that differ from those of the same face, clean.",
      data: own.map(({ system, points }) => ({
        system,
        points: points.map(({ level, flipped }) => ({ level, flipped })),
      })),
    },
  ];
}

/** Accuracies level by level, for reading values that a curve only shows. */
function levelsTable({ label, curves }: Drawn): Table {
  const levels = [...new Set(curves.flatMap(({ points }) => points.map(({ level }) => level)))].sort(
    (p, q) => p - q,
  );
  return {
    caption: `Verification accuracy: ${label}`,
    columns: [{ name: "Level" }, ...numeric(...curves.map(({ system }) => system))],
    rows: levels.map((level) => [
      level === 0 ? "clean" : String(level),
      ...curves.map(({ points }) => {
        const point = points.find((of) => of.level === level);
        return point ? formatPercent(point.accuracy) : "–";
      }),
    ]),
  };
}

/** A result file need not hold 1,024 means a level. */
const withoutStrips = ({ measurements, ...level }: RobustLevel) => ({
  ...level,
  measurements: measurements.map(({ strip: _, ...rest }) => rest),
});

/** The paper's Fig. 17, of the judged tap. */
function stripsOf(levels: readonly RobustLevel[], name: string, person: string): PageFigure[] {
  const isJudged = ({ role }: RobustMeasurement) => role === "judged";
  const deepest = levels.flatMap(({ measurements }) => measurements).find(isJudged)?.name;
  const strips = levels
    .filter(({ corruption }) => corruption === name)
    .sort((p, q) => p.level - q.level)
    .flatMap(({ level, measurements }) => {
      const { strip, correlation } = measurements.find(isJudged) ?? {};
      const label = level === 0 ? "clean" : `${level} (r ${(correlation ?? 0).toFixed(2)})`;
      return strip ? [{ label, values: strip }] : [];
    });
  if (strips.length < 2) return [];
  const caption =
    `Fig. 17: mean ${deepest} activations over the pictures of ${person.replaceAll("_", " ")} at each level; ` +
    "r is their correlation with the clean ones.";
  const data = { person, neurons: deepest, strips };
  return [{ file: `robustness-${name}-strips`, svg: stripFigure(strips, caption), caption, data }];
}

/** The paper's Fig. 14: one face at every level. On the page only. */
async function exampleFaces({ faces, corruptions, seed, person }: RobustnessPlan): Promise<ReportImage[]> {
  const row = Math.max(0, faces.identities.indexOf(person));
  return Promise.all(
    corruptions.map(async ({ corruption, levels }) => ({
      src: await Promise.all(
        [0, ...levels].map((level) => faceUri(corruptedFaces(faces, corruption, { level, seed }), row)),
      ),
      caption: `${corruption.name}: clean, ${levels.join(", ")}`,
      alt: `a face, ${corruption.name}`,
      wide: true,
    })),
  );
}
