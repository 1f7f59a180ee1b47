// src/base/text: numbers, durations and lists as people read them.
export { printable, printing } from "./printable.ts";
export { bytes, columns, count, duration, formatPercent, formatProbability, paragraph } from "./wording.ts";
