// src/base/text: numbers, durations and lists as people read them.
export { bytes, columns, count, duration, formatPercent, formatProbability } from "./wording.ts";
