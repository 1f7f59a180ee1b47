// src/lab/report: results (plain JSON) to SVG figures, tables and one HTML page; pure, in Node and in a browser.
export {
  activationFigure,
  neuronFigure,
  type SensitivityMap,
  sensitivityFigure,
} from "./activationFigure.ts";
export { type Bar, type BarOptions, barFigure } from "./bars.ts";
export { type CurveMetric, type CurveOptions, trainingCurves } from "./curves.ts";
export { type DotOptions, type DotRow, dotFigure } from "./dotFigure.ts";
export { excitationFigure } from "./excitationFigure.ts";
export { type GroupsOnPage, groupsPage } from "./groupsPage.ts";
export { HISTOGRAM_BINS, type PairScores, scoreHistogram } from "./histogram.ts";
export { htmlReport, type Report, type ReportFigure, type ReportImage, type ReportSection } from "./html.ts";
export { type DrawnMap, type MapFigureOptions, mapFigure } from "./mapFigure.ts";
export { type MapOnPage, mapPage, nearestOthers } from "./mapPage.ts";
export { netsFigure } from "./netsFigure.ts";
export { type RateCurve, type RatePanel, rateFigure } from "./rateFigure.ts";
export { type ActivationStrip, robustFigure, stripFigure } from "./robustFigure.ts";
export { ROC_DEFAULTS, type RocCurve, type RocOptions, rocFigure } from "./roc.ts";
export { sparsityFigure, sweepFigure } from "./sparsityFigure.ts";
export { type Comparison, comparisonTable, numeric, type Table } from "./table.ts";
