// src/base/progress: what a long computation says of itself, and how it is stopped.
export { type OnStage, type Progress, pacer, type StagedProgress, stageOf } from "./progress.ts";
