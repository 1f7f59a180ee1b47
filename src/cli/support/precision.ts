/** How a released net keeps its weights, as two commands are told. */
import { Option } from "commander";
import type { Precision } from "../../nets/net/index.ts";
import { RELEASE_DEFAULTS } from "../../nets/train/index.ts";

/** How the weights of a released net are stored. */
export const precisionOption = () =>
  new Option("--precision <type>", "weight storage: float32, or int8 with a scale for each channel")
    .choices(["float32", "int8"] satisfies Precision[])
    .default(RELEASE_DEFAULTS.precision);
