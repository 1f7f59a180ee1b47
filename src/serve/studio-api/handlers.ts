/** Answers for the studio's pages. */
import { basename } from "node:path";
import type { FaceSystem } from "../../nets/net/index.ts";
import type { Representation } from "../../people/answers/index.ts";
import type { WorkWatch } from "../../people/work/index.ts";
import { answered, type Engine, type HandlersOf, Problem, type ServiceLimits } from "../service/index.ts";
import { comparisons } from "./comparisons.ts";
import { galleryViews } from "./galleryView.ts";
import { gradientHandlers, hasGradients } from "./gradients.ts";
import { keptPatterns } from "./keptPatterns.ts";
import { mapHandler } from "./maps.ts";
import { measureOnce } from "./measureOnce.ts";
import { measurePatterns } from "./neurons.ts";
import type { STUDIO_OPERATIONS } from "./operations.ts";
import { readClaims } from "./paper.ts";
import { photoHandlers } from "./photos.ts";
import type { SyntheticPeople } from "./population.ts";
import { ratesOf } from "./rates.ts";
import { runHandlers } from "./runHandlers.ts";
import type { TrainingRuns } from "./runs.ts";
import { trainingHandler } from "./training.ts";
import { workHandlers } from "./workHandlers.ts";

export interface ShownOptions {
  /** Folder of a training run. */
  readonly run?: string;
  /** Folder of results to set beside the paper's. */
  readonly results: string;
  /** An HTML page of one's own results. */
  readonly paper?: string;
}

export interface StudioParts extends ShownOptions {
  readonly people: SyntheticPeople;
  readonly matcher: () => Promise<FaceSystem["matcher"]>;
  readonly limits: ServiceLimits;
  /** Where runs may be started. */
  readonly runs?: TrainingRuns;
  /** The queue beside the gallery, where that is in PostgreSQL. */
  readonly work?: WorkWatch;
  /** Whether pages may load the net. */
  readonly browserNet: boolean;
}

export function studioHandlers(
  engine: Engine,
  { people, matcher, run, runs, work, results, paper, browserNet, limits }: StudioParts,
) {
  const { about, ask } = engine;
  const patternOf = ({ features }: Representation) => features.slice(0, about.codeBits);
  const patternIn = async (bytes: Uint8Array) =>
    patternOf(answered(await ask("represent", { picture: { photo: bytes, aligned: true } })));
  const measuring = measureOnce(
    people,
    async (onMeasured) =>
      (await keptPatterns(engine.model, about.fingerprint)) ??
      (await measurePatterns(people, patternIn, onMeasured)),
  );
  return {
    studio: async () => ({
      model: about.model,
      licence: about.licence,
      locator: about.locator,
      browserNet,
      gradients: await hasGradients(engine.model),
      runs: runs !== undefined,
      work: work !== undefined,
    }),
    studioPeople: () => ({ people: people.names.map((name) => ({ name, faces: people.faces(name) })) }),
    ...comparisons(engine, matcher, limits),
    ...gradientHandlers(engine, matcher, limits),
    ...galleryViews(engine),
    ...photoHandlers(engine, matcher, limits),
    rates: async () => ratesOf((await matcher()).calibration),
    neurons: () => measuring.soFar(),
    async neuron({ neuron }) {
      const found = await measuring.study().neuron(neuron);
      if (found) return found;
      throw new Problem("not-found", `There is no neuron ${neuron}.`);
    },
    personPattern({ person }) {
      const found = measuring.study().person(person);
      if (found) return found;
      throw new Problem("not-found", `There is no synthetic person called ${person}.`);
    },
    map: mapHandler(engine, () => measuring.study().set),
    training: trainingHandler({ run, runs }, { model: engine.model, results }),
    ...runHandlers(runs, engine.model),
    ...workHandlers(work),
    paper: async () => ({
      page: paper === undefined ? null : basename(paper),
      ...(await readClaims(results)),
    }),
  } satisfies HandlersOf<typeof STUDIO_OPERATIONS>;
}
