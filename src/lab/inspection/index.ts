// src/lab/inspection: what a file or folder of this program is, read whole, so that a damaged one is found.
export { type Inspection, inspectPath } from "./inspect.ts";
