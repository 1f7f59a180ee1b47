/** The bins of a histogram as things to draw. */
import type { Histogram } from "../studies/index.ts";

export const binsOf = ({ from, to, counts }: Histogram) =>
  counts.map((count, bin) => ({
    from: from + ((to - from) * bin) / counts.length,
    to: from + ((to - from) * (bin + 1)) / counts.length,
    count,
  }));
