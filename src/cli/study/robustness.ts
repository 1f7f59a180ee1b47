/** The study of robustness, from levels to its part of the page. */
import { type ReportImage, robustFigure, stripFigure, type Table } from "../../report/index.ts";
import {
  corruptedFaces,
  percent,
  type RobustCurve,
  type RobustLevel,
  robustCurves,
  robustnessFinding,
} from "../../studies/index.ts";
import { faceUri } from "../facePicture.ts";
import type { PageFigure } from "../figures.ts";
import type { StudyPart } from "./page.ts";
import type { RobustnessPlan } from "./robustLevels.ts";

/** The part of the page. */
export async function robustnessPart(
  plan: RobustnessPlan,
  levels: readonly RobustLevel[],
): Promise<StudyPart> {
  const curves = robustCurves(levels);
  const drawn = plan.corruptions
    .map(({ corruption }) => ({
      ...corruption,
      curves: curves.filter((of) => of.corruption === corruption.name),
    }))
    .filter(({ curves: own }) => own.some(({ points }) => points.length > 1));
  return {
    title: "Robust",
    finding: robustnessFinding(levels),
    result: { person: plan.person, pictures: plan.faces.count, levels: levels.map(withoutStrips) },
    figures: drawn.flatMap((of) => [
      accuracyFigure(of),
      ...stripsOf(plan, levels, of.name),
      ...flipsFigure(of),
    ]),
    tables: drawn.map(levelsTable),
    images: await exampleFaces(plan),
  };
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
    columns: [{ name: "Level" }, ...curves.map(({ system }) => ({ name: system, numeric: true }))],
    rows: levels.map((level) => [
      level === 0 ? "clean" : String(level),
      ...curves.map(({ points }) => {
        const point = points.find((of) => of.level === level);
        return point ? percent(point.accuracy) : "–";
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
function stripsOf(
  { sources, person }: RobustnessPlan,
  levels: readonly RobustLevel[],
  name: string,
): PageFigure[] {
  const deepest = sources[0].systems.at(-1)!.name;
  const strips = levels
    .filter(({ corruption }) => corruption === name)
    .sort((p, q) => p.level - q.level)
    .flatMap(({ level, measurements }) => {
      const { strip, correlation } = measurements.find((of) => of.name === deepest) ?? {};
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
