/** The paper's tables and figures with ours beside them, as a page of their own. */
import { join } from "node:path";
import { writeFileAtomic } from "../../../base/files/index.ts";
import { count, formatPercent } from "../../../base/text/index.ts";
import { PAPER_TRAINING, TABLE_4 } from "../../paper/index.ts";
import { htmlReport } from "../../report/index.ts";
import { type Made, resultText } from "../../results/index.ts";
import { onPage, writeFigures } from "../pageFigures.ts";
import type { MeasuredTables } from "./measure.ts";
import { accuracyOf, modelOf } from "./page.ts";
import { tablesSections } from "./sections.ts";

export interface TablesPage {
  readonly measured: MeasuredTables;
  readonly seconds: number;
}

/** Writes index.html, tables.json, and SVG and JSON of every figure into `folder`. */
export async function writeTables(
  folder: string,
  { measured, seconds }: TablesPage,
  made: Omit<Made, "model">,
): Promise<void> {
  const sections = tablesSections(measured);
  await writeFigures(
    folder,
    sections.flatMap(({ figures = [] }) => figures),
  );
  await writeFileAtomic(
    join(folder, "tables.json"),
    resultText(
      { kind: "tables", model: modelOf(measured), data: measured.test, ...made },
      { seconds, ...measured },
    ),
  );
  const { system, tables, pictures } = measured;
  const html = htmlReport({
    title: "The paper's tables, and ours",
    summary:
      `Sun, Wang and Tang, "Deeply learned face representations are sparse, selective, and robust" (CVPR 2015), measured ` +
      `again with ${system.name}: ${tables.nets} nets that learned from ${count(system.trainedOn.pictures)} pictures of ` +
      `${count(system.trainedOn.people)} people (${system.trainedOn.source}); the paper's 25 from about ${count(PAPER_TRAINING.pictures)} of ` +
      `${count(PAPER_TRAINING.people)}.`,
    facts: [
      { label: `${tables.nets} nets on LFW`, value: accuracyOf(tables.combined) },
      { label: "the paper's 25", value: formatPercent(TABLE_4[1].jointBayesian, { digits: 2 }) },
      { label: "one net", value: accuracyOf(tables.single) },
      { label: "pictures tested on", value: count(pictures) },
    ],
    sections: sections.map((section) => ({ ...section, figures: section.figures?.map(onPage) })),
  });
  await writeFileAtomic(join(folder, "index.html"), html);
}
