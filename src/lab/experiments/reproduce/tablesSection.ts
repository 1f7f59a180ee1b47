/** A section about some of the paper's tables. */
import type { ReportSection } from "../../report/index.ts";
import type { PageFigure } from "../pageFigures.ts";

export interface TablesSection extends Omit<ReportSection, "figures"> {
  readonly figures?: readonly PageFigure[];
}
