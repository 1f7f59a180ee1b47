/**
 * The commands, in the order of `deepid --help`. Each is loaded when it is asked for: `deepid verify` starts in a second
 * because it loads neither the service nor the figures.
 */
import type { Command } from "commander";
import type { Io } from "./support/io.ts";

/** Adds one command, or several that belong together, to the program. */
export type AddCommand = (program: Command, io: Io) => void;

/** Four commands of one module. */
const known = async (): Promise<AddCommand> => (await import("./commands/known.ts")).addKnown;

const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  demo: async () => (await import("./commands/reproduce/demo.ts")).addDemo,
  train: async () => (await import("./commands/train/train.ts")).addTrain,
  "train-regions": async () => (await import("./commands/train/regions.ts")).addTrainRegions,
  combine: async () => (await import("./commands/train/regions.ts")).addCombine,
  "select-regions": async () => (await import("./commands/train/regions.ts")).addSelectRegions,
  reproduce: async () => (await import("./commands/reproduce/index.ts")).addReproduce,
  release: async () => (await import("./commands/train/release.ts")).addRelease,
  extract: async () => (await import("./commands/train/extract.ts")).addExtract,
  "fit-matcher": async () => (await import("./commands/train/fitFromFeatures.ts")).addFitMatcher,
  "fit-cohort": async () => (await import("./commands/train/fit.ts")).addFitCohort,
  model: async () => (await import("./commands/train/model.ts")).addModel,
  "fit-lbp": async () => (await import("./commands/train/fit.ts")).addFitLbp,
  evaluate: async () => (await import("./commands/evaluate/index.ts")).addEvaluate,
  align: async () => (await import("./commands/align.ts")).addAlign,
  verify: async () => (await import("./commands/verify.ts")).addVerify,
  represent: async () => (await import("./commands/represent.ts")).addRepresent,
  register: known,
  identify: known,
  search: known,
  remove: known,
  cluster: async () => (await import("./commands/cluster.ts")).addCluster,
  map: async () => (await import("./commands/map.ts")).addMap,
  analyze: async () => (await import("./commands/analyze.ts")).addAnalyze,
  "fit-attributes": async () => (await import("./commands/train/fitFromFeatures.ts")).addFitAttributes,
  study: async () => (await import("./commands/study/index.ts")).addStudy,
  neuron: async () => (await import("./commands/study/neuron.ts")).addNeuron,
  inspect: async () => (await import("./commands/train/release.ts")).addInspect,
  key: async () => (await import("./commands/key.ts")).addKey,
  audit: async () => (await import("./commands/key.ts")).addAudit,
  serve: async () => (await import("./commands/serve.ts")).addServe,
  studio: async () => (await import("./commands/serve.ts")).addStudio,
  bench: async () => (await import("./commands/bench.ts")).addBench,
  gallery: async () => (await import("./commands/gallery/index.ts")).addGallery,
  store: async () => (await import("./commands/store.ts")).addStore,
  work: async () => (await import("./commands/work.ts")).addWork,
};

/** What adds the command that `args` begin with, or all commands where they name none. */
export function commandsFor([name]: readonly string[]): Promise<AddCommand[]> {
  const asked = Object.hasOwn(COMMANDS, name) ? [COMMANDS[name]] : new Set(Object.values(COMMANDS));
  return Promise.all([...asked].map((load) => load()));
}
