/** One page of everything: what the paper claims, its numbers, ours, and whether the claim holds here. */

import { join } from "node:path";
import { writeFileAtomic } from "../../../base/files/index.ts";
import { columns, count, duration, formatPercent } from "../../../base/text/index.ts";
import { PAPER_TRAINING, TABLE_4 } from "../../paper/index.ts";
import { htmlReport, type ReportSection } from "../../report/index.ts";
import { type Made, resultText } from "../../results/index.ts";
import { onPage, writeFigures } from "../pageFigures.ts";
import { type StudyPart, type StudySource, studyData, studySection, verdictWord } from "../study/page.ts";
import type { MeasuredTables } from "./measure.ts";
import { tablesSections } from "./sections.ts";

export interface Reproduction {
  readonly tables: MeasuredTables;
  readonly parts: readonly StudyPart[];
  /** What the studies looked at. */
  readonly source: StudySource;
  readonly seconds: number;
}

/** The numbers of everything; those under each figure stand in a file of its own. */
export const reproductionData = ({ tables, parts, source, seconds }: Reproduction) => ({
  seconds,
  tables,
  studies: studyData(parts, source),
});

/** The same for people, and where the page is. */
export const reproductionText = ({ parts, seconds }: Reproduction, page: string): string =>
  [
    ...parts.map(({ finding }) => finding.verdict),
    columns([
      ["page", page],
      ["took", duration(seconds)],
    ]),
  ].join("\n");

/** Writes index.html, reproduction.json, and SVG and JSON of every figure into `folder`. */
export async function writeReproduction(
  folder: string,
  reproduction: Reproduction,
  { command, date }: Omit<Made, "model">,
): Promise<void> {
  const tables = tablesSections(reproduction.tables);
  await writeFigures(folder, [
    ...tables.flatMap(({ figures = [] }) => figures),
    ...reproduction.parts.flatMap(({ figures }) => figures),
  ]);
  const sections = [
    claimsSection(reproduction),
    ...tables.map((section) => ({ ...section, figures: section.figures?.map(onPage) })),
    ...reproduction.parts.map(studySection),
  ];
  await writeFileAtomic(
    join(folder, "reproduction.json"),
    resultText(
      {
        kind: "reproduction",
        model: modelOf(reproduction.tables),
        command,
        date,
        data: reproduction.tables.test,
      },
      reproductionData(reproduction),
    ),
  );
  await writeFileAtomic(join(folder, "index.html"), page(reproduction, sections));
}

/** The system of the tables, as files of results name it. */
export const modelOf = ({ system: { name, hash } }: MeasuredTables) => ({ name, nets: hash });

function page({ tables, parts, source }: Reproduction, sections: readonly ReportSection[]): string {
  const { system, test } = tables;
  const told = parts.filter(({ finding }) => finding.holds !== null);
  const held = told.filter(({ finding }) => finding.holds);
  return htmlReport({
    title: "The paper, measured again",
    summary: [
      `Sun, Wang and Tang, "Deeply learned face representations are sparse, selective, and robust" (CVPR 2015), beside ` +
        `${netsOf(tables)} that learned from ${count(system.trainedOn.pictures)} pictures of ${count(system.trainedOn.people)} ` +
        `people (${system.trainedOn.source}); the paper's 25 learned from about ${count(PAPER_TRAINING.pictures)} pictures of ` +
        `${count(PAPER_TRAINING.people)} people.`,
      `Verification is tested on ${test}; the neurons are those of ${source.features}: ${count(source.pictures)} pictures of ` +
        `${count(source.people)} people. Of the claims about neurons ${held.length} of ${told.length} hold here.`,
    ],
    facts: [
      { label: `${netsOf(tables)}, verification`, value: accuracyOf(tables.tables.combined) },
      { label: "the paper's 25 nets", value: formatPercent(TABLE_4[1].jointBayesian, { digits: 2 }) },
      ...parts.map(({ title, finding: { holds } }) => ({ label: title, value: verdictWord(holds) })),
    ],
    sections,
  });
}

const netsOf = ({ tables: { nets } }: MeasuredTables) => (nets === 1 ? "one net" : `${nets} nets`);

/** An accuracy and its standard error in percent. */
export const accuracyOf = ({ accuracy: { mean, standardError } }: MeasuredTables["tables"]["single"]) =>
  formatPercent(mean, { digits: 2, error: standardError });

/** Every claim in one table: for those who read no further. */
function claimsSection({ tables, parts }: Reproduction): ReportSection {
  const { single, combined, nets, binary } = tables.tables;
  const bits = binary[0].jointBayesian ?? binary[0].hamming;
  const lost = single.accuracy.mean - bits.accuracy.mean;
  const gained = combined.accuracy.mean - single.accuracy.mean;
  const points = (difference: number) => `${(100 * difference).toFixed(2)} points`;
  const rows = [
    [
      "One net verifies faces",
      "Section 4",
      formatPercent(TABLE_4[0].jointBayesian, { digits: 2 }),
      accuracyOf(single),
      `${points(TABLE_4[0].jointBayesian - single.accuracy.mean)} below`,
    ],
    ...(nets === 1
      ? []
      : [
          [
            "Many nets verify better than one",
            "Section 4",
            "25 nets: 99.47 %, 0.77 points more",
            `${nets} nets: ${accuracyOf(combined)}, ${points(gained)} more`,
            gained > 0 ? "holds" : "does not hold",
          ],
        ]),
    [
      "Bits lose one point or less",
      "Section 5, Table 4",
      "1.03 points (one net)",
      `${points(lost)} (${binary[0].jointBayesian ? "Joint Bayesian" : "Hamming distance"})`,
      lost <= 0.0115 ? "holds" : "does not hold",
    ],
    ...parts.map(({ finding: { claim, where, numbers, holds } }) => [
      claim,
      where,
      numbers[0]?.paper ? `${numbers[0].what}: ${numbers[0].paper}` : "shown by figures",
      numbers[0]?.ours ?? "–",
      verdictWord(holds),
    ]),
  ];
  return {
    heading: "What the paper claims, and what is found here",
    tables: [
      {
        caption: "Each line has its section below, with figures and all numbers",
        columns: ["Claim", "Where", "Paper", "Here", "Verdict"].map((name) => ({ name })),
        rows,
      },
    ],
  };
}
