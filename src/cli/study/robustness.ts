/** The study of robustness, level by level; what is measured is kept, so that a stopped study goes on. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AlignedFaces } from "../../data/index.ts";
import { InputError } from "../../errors/index.ts";
import { TEMPLATE } from "../../face/index.ts";
import { type FeatureSet, readFeatures, writeFeatures } from "../../features/index.ts";
import { writeFileAtomic } from "../../files/index.ts";
import { encodePng } from "../../image/index.ts";
import type { LabelledPair } from "../../protocols/index.ts";
import { type ReportImage, robustFigure, stripFigure } from "../../report/index.ts";
import {
  type CleanReference,
  cleanReference,
  corruptedFaces,
  measureRobustness,
  type RobustLevel,
  robustCurves,
  robustnessFinding,
} from "../../studies/index.ts";
import type { Output } from "../output.ts";
import type { PlannedCorruption } from "./corruptions.ts";
import type { StudyFigure, StudyPart } from "./page.ts";
import type { RobustSource } from "./robustSources.ts";

export interface RobustnessPlan {
  readonly sources: readonly RobustSource[];
  readonly faces: AlignedFaces;
  readonly folds: readonly (readonly LabelledPair[])[];
  readonly corruptions: readonly PlannedCorruption[];
  /** Whose mean activations are drawn. */
  readonly person: string;
  readonly seed: number;
  /** Where what is measured is kept. */
  readonly folder: string;
  /** Whether features of every level are kept too. */
  readonly keepFeatures: boolean;
}

interface Context {
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** Measures what is not measured yet. */
export async function measureLevels(
  plan: RobustnessPlan,
  { output, signal }: Context,
): Promise<RobustLevel[]> {
  const levels: RobustLevel[] = [];
  const key = keyOf(plan);
  const cleanOf = new Map<RobustSource, CleanReference[]>();
  const steps = orderOf(plan.corruptions);
  for (const [done, { corruption, level }] of steps.entries()) {
    const file = join(plan.folder, "levels", `${level === 0 ? "clean" : `${corruption.name}-${level}`}.json`);
    let measured = await readLevel(file, key);
    if (!measured) {
      const measurements = [];
      for (const source of plan.sources) {
        const clean = cleanOf.get(source) ?? (await openClean(plan, source, { output, signal }));
        cleanOf.set(source, clean);
        const faces = corruptedFaces(plan.faces, corruption, { level, seed: plan.seed });
        const what = `${level === 0 ? "clean" : `${corruption.name} ${level}`} (${done + 1} of ${steps.length}), ${source.name}`;
        const sets = await featuresOf(plan, source, {
          name: fileName(corruption.name, level),
          faces,
          what,
          output,
          signal,
        });
        for (const [i, system] of source.systems.entries()) {
          measurements.push(
            measureRobustness(system, sets[i], { folds: plan.folds, clean: clean[i], person: plan.person }),
          );
        }
      }
      measured = { corruption: corruption.name, level, measurements };
      await writeFileAtomic(file, `${JSON.stringify({ key, ...measured })}\n`);
    }
    levels.push(
      ...(level === 0
        ? plan.corruptions.map((of) => ({ ...measured, corruption: of.corruption.name }))
        : [measured]),
    );
  }
  return levels;
}

/** Clean first, then the levels that the paper's text gives numbers for, then all others. */
function orderOf(corruptions: readonly PlannedCorruption[]) {
  const steps = corruptions.flatMap(({ corruption, levels }) =>
    levels.map((level) => ({ corruption, level })),
  );
  const isPapers = ({ corruption: { name }, level }: (typeof steps)[number]) =>
    (name === "partial" && level === 40) || (name === "block" && level === 50);
  const [papers, others] = [steps.filter(isPapers), steps.filter((step) => !isPapers(step))];
  return [{ corruption: corruptions[0].corruption, level: 0 }, ...papers, ...others];
}

const fileName = (name: string, level: number) => (level === 0 ? "clean" : `${name}-${level}`);

async function openClean(
  plan: RobustnessPlan,
  source: RobustSource,
  context: Context,
): Promise<CleanReference[]> {
  const what = `clean, ${source.name}`;
  const sets = await featuresOf(plan, source, { name: "clean", faces: plan.faces, what, ...context });
  return sets.map((set) => cleanReference(set, plan.person));
}

interface Wanted extends Context {
  readonly name: string;
  readonly faces: Parameters<RobustSource["extract"]>[0];
  readonly what: string;
}

/** Features from their files, or computed; clean ones are always kept, as every level is compared with them. */
async function featuresOf(
  { folder, keepFeatures, faces: all, seed }: RobustnessPlan,
  source: RobustSource,
  { name, faces, what, output, signal }: Wanted,
): Promise<FeatureSet[]> {
  const paths = source.systems.map((system) =>
    join(folder, "features", `${name}-${slug(system.name)}.safetensors`),
  );
  const key = hash([source.key, all.names, all.key, seed]);
  if (paths.every((path) => existsSync(path))) {
    const kept = await Promise.all(paths.map((path) => readFeatures(path)));
    if (kept.every(({ provenance }) => provenance.key === key)) return kept.map(({ set }) => set);
  }
  const sets = await source.extract(faces, { onProgress: output.onProgress(what), signal });
  if (keepFeatures || name === "clean") {
    for (const [i, path] of paths.entries()) await writeFeatures(path, sets[i], { key });
  }
  return sets;
}

const slug = (name: string) => name.replaceAll(/\W+/g, "-");
const hash = (value: unknown) => createHash("sha256").update(JSON.stringify(value)).digest("hex");

/** Changes whenever numbers of the same name could differ. */
const keyOf = ({ sources, faces, folds, person, seed }: RobustnessPlan) =>
  hash([sources.map(({ key }) => key), faces.names, faces.key, folds, person, seed]);

async function readLevel(file: string, key: string): Promise<RobustLevel | undefined> {
  if (!existsSync(file)) return undefined;
  const { key: kept, ...level } = JSON.parse(await readFile(file, "utf8")) as RobustLevel & { key: string };
  if (kept === key) return level;
  throw new InputError(
    `${file}: was measured with other features, pictures, pairs or another seed; choose another --out, or remove the folder`,
  );
}

/** The part of the page. */
export async function robustnessPart(
  plan: RobustnessPlan,
  levels: readonly RobustLevel[],
): Promise<StudyPart> {
  const curves = robustCurves(levels);
  const figures = plan.corruptions.flatMap(({ corruption: { name, label } }): StudyFigure[] => {
    const own = curves.filter(({ corruption }) => corruption === name);
    const figure = { partial: "Fig. 15: ", block: "Fig. 16: " }[name] ?? "Beyond the paper: ";
    return [
      {
        file: `robustness-${name}`,
        svg: robustFigure(own, { label }),
        caption: `${figure}verification with both faces of every pair spoiled; everything was learned on clean faces.`,
      },
      ...stripsOf(plan, levels, name),
    ];
  });
  const flips = plan.corruptions.slice(0, 2).map(({ corruption: { name, label } }) => ({
    file: `robustness-${name}-flips`,
    svg: robustFigure(
      curves.filter((curve) => curve.corruption === name && curve.subject),
      { label, measure: "flipped" },
    ),
    caption: "Share of the bits (activation above zero) that differ from those of the same face, clean.",
  }));
  return {
    title: "Robust",
    finding: robustnessFinding(levels),
    result: { person: plan.person, pictures: plan.faces.count, levels: levels.map(withoutStrips) },
    figures: [...figures, ...flips],
    images: await exampleFaces(plan),
  };
}

/** A result file need not hold 1,024 means a level. */
const withoutStrips = ({ measurements, ...level }: RobustLevel) => ({
  ...level,
  measurements: measurements.map(({ strip: _, ...rest }) => rest),
});

/** The paper's Fig. 17, of the deepest tap of the first source. */
function stripsOf(
  { sources, person }: RobustnessPlan,
  levels: readonly RobustLevel[],
  name: string,
): StudyFigure[] {
  const deepest = sources[0].systems.at(-1)!.name;
  const strips = levels
    .filter(({ corruption }) => corruption === name)
    .sort((p, q) => p.level - q.level)
    .flatMap(({ level, measurements }) => {
      const { strip, correlation } = measurements.find((of) => of.name === deepest)!;
      const label = level === 0 ? "clean" : `${level} (r ${(correlation ?? 0).toFixed(2)})`;
      return strip ? [{ label, values: strip }] : [];
    });
  if (strips.length < 2) return [];
  const caption =
    `Fig. 17: mean ${deepest} activations over the pictures of ${person.replaceAll("_", " ")} at each level; ` +
    "r is their correlation with the clean ones.";
  return [{ file: `robustness-${name}-strips`, svg: stripFigure(strips, caption), caption }];
}

/** The paper's Fig. 14: one face at every level. On the page only. */
async function exampleFaces({ faces, corruptions, seed, person }: RobustnessPlan): Promise<ReportImage[]> {
  const row = Math.max(0, faces.identities.indexOf(person));
  return Promise.all(
    corruptions.map(async ({ corruption, levels }) => {
      const shown = [0, ...levels];
      const files = await Promise.all(
        shown.map(async (level) => {
          const pixels = await corruptedFaces(faces, corruption, { level, seed }).readRange(row, 1);
          return encodePng({ ...TEMPLATE, pixels });
        }),
      );
      const src = files.map((file) => `data:image/png;base64,${Buffer.from(file).toString("base64")}`);
      return {
        src,
        caption: `${corruption.name}: clean, ${levels.join(", ")}`,
        alt: `a face, ${corruption.name}`,
        wide: true,
      };
    }),
  );
}
