// src/people/work: imports, changes of model and clustering as jobs in the gallery's own database, which workers on any number of machines carry out.
export { type AddedImport, addImport, type ImportOptions } from "./addImport.ts";
export { type AddedJobs, addJobs, type JobsToAdd } from "./addJobs.ts";
export { type AddedClustering, type AddGroupingOptions, addClustering, addGrouping } from "./clusterJob.ts";
export { CURSOR, type Failure } from "./failures.ts";
export { jobText, statusText, workedText } from "./inWords.ts";
export type { Job } from "./jobs.ts";
export { type AddChangeOptions, type AddedChange, addModelChange } from "./modelJobs.ts";
export { type WorkBatch, type WorkOverview, type WorkWatch, watchWork } from "./overview.ts";
export { openWorkQueue, type WorkQueue } from "./queue.ts";
export { type WorkStatus, workStatus } from "./status.ts";
export { type JobDone, type Worked, type WorkOptions, work } from "./worker.ts";
