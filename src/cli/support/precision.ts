/** How a released net keeps its weights, as two commands are told. */
import { Option } from "commander";
import type { Precision } from "../../nets/net/index.ts";
import { RELEASE_DEFAULTS } from "../../nets/train/index.ts";

/** How the weights of a released net are stored. */
export const precisionOption = () =>
  new Option("--precision <type>", "how weights are stored: 4 bytes each, or 1")
    .choices(["float32", "int8"] satisfies Precision[])
    .default(RELEASE_DEFAULTS.precision);
