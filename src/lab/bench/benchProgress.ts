/** What every benchmark takes beside its options. */
import type { Progress } from "../../base/progress/index.ts";

export interface BenchProgress extends Pick<Progress, "onProgress"> {
  /** The clock, in milliseconds from any start. */
  readonly now: () => number;
}
