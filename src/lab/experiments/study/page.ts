/** What a study leaves behind: its numbers as JSON, its figures as SVG, and one page that says claim, numbers and verdict. */

import { join } from "node:path";
import { writeFileAtomic, writingTo } from "../../../base/files/index.ts";
import { columns, count } from "../../../base/text/index.ts";
import { htmlReport, type ReportImage, type ReportSection, type Table } from "../../report/index.ts";
import { type Made, resultText } from "../../results/index.ts";
import type { Finding } from "../../studies/index.ts";
import { onPage, type PageFigure, writeFigures } from "../pageFigures.ts";

/** One study, done. */
export interface StudyPart {
  readonly title: string;
  readonly finding: Finding;
  /** Plain data. */
  readonly result: unknown;
  readonly prose?: readonly string[];
  readonly figures: readonly PageFigure[];
  readonly tables?: readonly Table[];
  /** Pictures for the page; they go into no other file. */
  readonly images?: readonly ReportImage[];
}

/** What the page says of where the numbers come from. */
export interface StudySource {
  readonly features: string;
  readonly pictures: number;
  readonly people: number;
  /** How they were measured: models by their files' hashes, folds, seed. For the JSON. */
  readonly made?: object;
}

/** The JSON of some studies. */
export const studyData = (parts: readonly StudyPart[], source: object) => ({
  source,
  findings: parts.map(({ finding }) => finding),
  results: Object.fromEntries(parts.map(({ finding, result }) => [finding.study, result])),
});

/** The verdict and the numbers of some studies, as text. */
export const studyText = (parts: readonly StudyPart[]): string =>
  parts
    .flatMap(({ finding: { verdict, numbers } }) => [
      verdict,
      columns(
        numbers.map(({ what, paper, ours }) => [
          `  ${what}`,
          `${ours}${paper ? `   (paper: ${paper})` : ""}`,
        ]),
      ),
    ])
    .join("\n");

/** Writes studies.json, index.html and every figure into `folder`. */
export async function writeStudies(
  folder: string,
  parts: readonly StudyPart[],
  { source, ...made }: Made & { readonly source: StudySource },
): Promise<void> {
  await writingTo(folder, async () => {
    await writeFigures(
      folder,
      parts.flatMap(({ figures }) => figures),
    );
    await writeFileAtomic(
      join(folder, "studies.json"),
      resultText({ kind: "studies", data: source.features, ...made }, studyData(parts, source)),
    );
    await writeFileAtomic(join(folder, "index.html"), studyPage(parts, source));
  });
}

/** The page of some studies. */
export function studyPage(parts: readonly StudyPart[], { features, pictures, people }: StudySource): string {
  const told = parts.filter(({ finding }) => finding.holds !== null);
  const held = told.filter(({ finding }) => finding.holds);
  return htmlReport({
    title: "Sparse, selective, robust?",
    summary: [
      `What Sun, Wang and Tang say of the neurons of DeepID2+ (CVPR 2015), measured on ${features}: ` +
        `${count(pictures)} pictures of ${count(people)} people. ${held.length} of ${told.length} claims hold here.`,
    ],
    facts: parts.map(({ title, finding: { holds } }) => ({ label: title, value: verdictWord(holds) })),
    sections: parts.map(studySection),
  });
}

export const verdictWord = (holds: boolean | null) =>
  holds === null ? "open" : holds ? "holds" : "does not hold";

/** The section of one study, for pages that hold others too. */
export function studySection({
  title,
  finding,
  prose = [],
  figures,
  tables = [],
  images,
}: StudyPart): ReportSection {
  return {
    heading: `${title}: ${verdictWord(finding.holds)}`,
    prose: [`The paper (${finding.where}): ${finding.claim}`, finding.verdict, ...prose],
    tables: [numbersTable(finding), ...tables],
    figures: figures.map(onPage),
    images,
  };
}

function numbersTable({ numbers }: Finding): Table {
  return {
    caption: "The paper's numbers, where its text gives them, and ours",
    columns: [{ name: "What" }, { name: "Paper" }, { name: "Here" }],
    rows: numbers.map(({ what, paper = "–", ours }) => [what, paper, ours]),
  };
}
