// src/base/progress: what a long computation says of itself, and how it is stopped.
export { type Progress, pacer } from "./progress.ts";
