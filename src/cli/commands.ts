/**
 * The commands, in the order of `deepid --help`. Each is loaded when it is asked for: `deepid verify` starts in a second
 * because it loads neither the service nor the figures.
 */
import type { Command } from "commander";
import type { Io } from "./support/io.ts";

/** Adds one command, or several that belong together, to the program. */
export type AddCommand = (program: Command, io: Io) => void;

interface CommandEntry {
  readonly names: readonly string[];
  load(): Promise<AddCommand>;
}

const COMMANDS: readonly CommandEntry[] = [
  { names: ["demo"], load: async () => (await import("./commands/reproduce/demo.ts")).addDemo },
  { names: ["train"], load: async () => (await import("./commands/train/train.ts")).addTrain },
  {
    names: ["train-regions"],
    load: async () => (await import("./commands/train/regions.ts")).addTrainRegions,
  },
  { names: ["combine"], load: async () => (await import("./commands/train/regions.ts")).addCombine },
  {
    names: ["select-regions"],
    load: async () => (await import("./commands/train/regions.ts")).addSelectRegions,
  },
  { names: ["reproduce"], load: async () => (await import("./commands/reproduce/index.ts")).addReproduce },
  { names: ["release"], load: async () => (await import("./commands/train/release.ts")).addRelease },
  { names: ["extract"], load: async () => (await import("./commands/train/extract.ts")).addExtract },
  {
    names: ["fit-matcher"],
    load: async () => (await import("./commands/train/fitFromFeatures.ts")).addFitMatcher,
  },
  {
    names: ["fit-cohort"],
    load: async () => (await import("./commands/train/fit.ts")).addFitCohort,
  },
  { names: ["model"], load: async () => (await import("./commands/train/model.ts")).addModel },
  { names: ["fit-lbp"], load: async () => (await import("./commands/train/fit.ts")).addFitLbp },
  { names: ["evaluate"], load: async () => (await import("./commands/evaluate/index.ts")).addEvaluate },
  { names: ["align"], load: async () => (await import("./commands/align.ts")).addAlign },
  { names: ["verify"], load: async () => (await import("./commands/verify.ts")).addVerify },
  { names: ["represent"], load: async () => (await import("./commands/represent.ts")).addRepresent },
  {
    names: ["register", "identify", "search", "remove"],
    load: async () => (await import("./commands/known.ts")).addKnown,
  },
  { names: ["cluster"], load: async () => (await import("./commands/cluster.ts")).addCluster },
  { names: ["analyze"], load: async () => (await import("./commands/analyze.ts")).addAnalyze },
  {
    names: ["fit-attributes"],
    load: async () => (await import("./commands/train/fitFromFeatures.ts")).addFitAttributes,
  },
  { names: ["study"], load: async () => (await import("./commands/study/index.ts")).addStudy },
  { names: ["neuron"], load: async () => (await import("./commands/study/neuron.ts")).addNeuron },
  { names: ["inspect"], load: async () => (await import("./commands/train/release.ts")).addInspect },
  { names: ["key"], load: async () => (await import("./commands/key.ts")).addKey },
  { names: ["audit"], load: async () => (await import("./commands/key.ts")).addAudit },
  { names: ["serve"], load: async () => (await import("./commands/serve.ts")).addServe },
  { names: ["studio"], load: async () => (await import("./commands/serve.ts")).addStudio },
  { names: ["bench"], load: async () => (await import("./commands/bench.ts")).addBench },
  { names: ["gallery"], load: async () => (await import("./commands/gallery/index.ts")).addGallery },
  { names: ["store"], load: async () => (await import("./commands/store.ts")).addStore },
  { names: ["work"], load: async () => (await import("./commands/work.ts")).addWork },
];

/** What adds the command that `args` begin with, or all commands where they name none. */
export async function commandsFor([name]: readonly string[]): Promise<AddCommand[]> {
  const asked = COMMANDS.filter(({ names }) => names.includes(name));
  return Promise.all((asked.length > 0 ? asked : COMMANDS).map(({ load }) => load()));
}
