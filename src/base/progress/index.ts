// src/base/progress: progress and cancellation of long computations.
export { type OnStage, type Progress, pacer, type StagedProgress, stageOf } from "./progress.ts";
