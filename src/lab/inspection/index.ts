// src/lab/inspection: reads a file or folder of this program whole: says what it is, and finds damage.
export { type Inspection, inspectPath } from "./inspect.ts";
