// src/base/text: numbers, durations and lists as people read them.
export { type Cell, csvText } from "./csv.ts";
export { printable, printing } from "./printable.ts";
export {
  bytes,
  bytesIn,
  columns,
  count,
  counted,
  duration,
  formatPercent,
  formatProbability,
  paragraph,
} from "./wording.ts";
