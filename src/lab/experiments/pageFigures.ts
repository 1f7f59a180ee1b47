/** Figures of a page that also are files of their own: the drawing, and what is drawn as JSON. */
import { join } from "node:path";
import { writeFileAtomic } from "../../base/files/index.ts";
import type { ReportFigure } from "../report/index.ts";

export interface PageFigure {
  /** File name without extension. */
  readonly file: string;
  readonly svg: string;
  readonly caption: string;
  /** What is drawn, as plain data. */
  readonly data: unknown;
}

/** Writes FILE.svg and FILE.json of each into `folder`. */
export async function writeFigures(folder: string, figures: readonly PageFigure[]): Promise<void> {
  for (const { file, svg, data } of figures) {
    await writeFileAtomic(join(folder, `${file}.svg`), svg);
    await writeFileAtomic(join(folder, `${file}.json`), `${JSON.stringify(data, fourDigits)}\n`);
  }
}

/** The figure as the page beside its files shows it. */
export const onPage = ({ file, svg, caption }: PageFigure): ReportFigure => ({
  svg,
  caption,
  files: [`${file}.svg`, `${file}.json`],
});

/** Numbers to a ten-thousandth of themselves: no figure shows more, and files stay small. */
const fourDigits = (_: string, value: unknown) =>
  typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
