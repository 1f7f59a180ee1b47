/** Answers for the studio's pages. */
import { basename } from "node:path";
import { trainingCurves } from "../../lab/report/index.ts";
import type { FaceSystem } from "../../nets/net/index.ts";
import { readMetrics, type TrainingMetric } from "../../nets/train/index.ts";
import type { FaceInput, Representation } from "../../people/answers/index.ts";
import { judgePair } from "../../people/answers/index.ts";
import {
  answered,
  type Engine,
  type HandlersOf,
  Problem,
  pictureBytes,
  pictureOf,
  type ServiceLimits,
} from "../service/index.ts";
import { type NeuronStudy, studyNeurons } from "./neurons.ts";
import type { STUDIO_OPERATIONS } from "./operations.ts";
import { readClaims } from "./paper.ts";
import type { SyntheticPeople } from "./population.ts";

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
  /** Whether pages may load the net. */
  readonly browserNet: boolean;
}

export function studioHandlers(
  { about, ask }: Engine,
  { people, matcher, run, results, paper, browserNet, limits }: StudioParts,
) {
  const patternOf = ({ features }: Representation) => features.slice(0, about.codeBits);
  const measuring = measureOnce(people, async (bytes) =>
    patternOf(answered(await ask("represent", { picture: { photo: bytes, aligned: true } }))),
  );
  return {
    studio: () => ({
      model: about.model,
      licence: about.licence,
      locator: about.locator,
      browserNet,
    }),
    studioPeople: () => ({ people: people.names.map((name) => ({ name, faces: people.faces(name) })) }),
    async compare({ a, b, aligned, alignedB = aligned, face }, { signal }) {
      const represent = async (picture: FaceInput) =>
        answered(await ask("represent", { picture, crop: true }, signal));
      const [first, second] = await Promise.all([
        represent(pictureOf(a, { aligned, face }, limits, "a")),
        represent(pictureOf(b, { aligned: alignedB, face }, limits, "b")),
      ]);
      const faces = [first, second].map((one) => ({
        face: one.face,
        crop: one.crop!,
        pattern: patternOf(one),
        features: packFeatures(one.features),
      }));
      return {
        faces,
        verdict: judgePair(await matcher(), about.codeBits, [first.features, second.features]),
      };
    },
    async occlude({ pixels, features }, { signal }) {
      const other = unpackFeatures(pictureBytes(features, limits, "features"), about.dimension);
      const picture = { photo: pictureBytes(pixels, limits, "pixels"), name: "pixels", raw: true };
      const covered = answered(await ask("represent", { picture }, signal));
      return {
        pattern: patternOf(covered),
        verdict: judgePair(await matcher(), about.codeBits, [covered.features, other]),
      };
    },
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
    training: trainingHandler(run),
    paper: async () => ({
      page: paper === undefined ? null : basename(paper),
      ...(await readClaims(results)),
    }),
  } satisfies HandlersOf<typeof STUDIO_OPERATIONS>;
}

/** The study of the neurons, which begins when somebody asks, and is tried again after a failure. */
function measureOnce(
  people: SyntheticPeople,
  patternOf: (picture: Uint8Array) => Promise<readonly number[]>,
) {
  const { names } = people;
  const faces = names.reduce((sum, name) => sum + people.faces(name).length, 0);
  let study: Promise<NeuronStudy> | undefined;
  let done: NeuronStudy | undefined;
  let failed: { readonly error: unknown } | undefined;
  let measured = 0;
  /** Begins where nothing is under way; a failure is told to whoever asks next, once, and then it is tried again. */
  const begin = () => {
    const failure = failed;
    failed = undefined;
    if (failure) throw failure.error;
    if (study) return;
    measured = 0;
    study = studyNeurons(people, patternOf, (count) => {
      measured = count;
    });
    study.then(
      (result) => {
        done = result;
      },
      (error) => {
        failed = { error };
        study = undefined;
      },
    );
  };
  return {
    /** The study when it is done; until then a problem that says when to come again. */
    study() {
      if (done) return done;
      begin();
      const detail = `The neurons are being measured: ${measured} of ${faces} pictures.`;
      throw new Problem("unavailable", detail, { retryAfterSeconds: 2 });
    },
    soFar() {
      if (done) return done.all;
      begin();
      return { measured, faces, people: [...names], neurons: [] };
    },
  };
}

/** Metrics drawn: curves of longer runs are thinned, the last measurement kept. */
const DRAWN = 400;

function trainingHandler(run: string | undefined) {
  let drawn: { readonly count: number; readonly svg: string } | undefined;
  return async () => {
    if (run === undefined) return { run: null, last: null, heldOut: null, svg: "" };
    const metrics = await readMetrics(run);
    if (drawn?.count !== metrics.length) drawn = { count: metrics.length, svg: curvesOf(metrics) };
    const { step, images, imagesPerSecond, learningRate } = metrics.at(-1) ?? {};
    const measured = metrics.findLast(({ heldOut }) => heldOut !== undefined);
    return {
      run: basename(run),
      last:
        step === undefined
          ? null
          : { step, images: images!, imagesPerSecond: imagesPerSecond!, learningRate: learningRate! },
      heldOut: measured?.heldOut?.accuracy ?? null,
      svg: drawn.svg,
    };
  };
}

function curvesOf(metrics: readonly TrainingMetric[]): string {
  if (metrics.length === 0) return "";
  const every = Math.ceil(metrics.length / DRAWN);
  const last = metrics.length - 1;
  return trainingCurves(metrics.filter(({ heldOut }, k) => heldOut || k === last || k % every === 0));
}

/** Features as pages send them back: float32, little-endian, in base64. */
function packFeatures(features: readonly number[]): string {
  return Buffer.from(Float32Array.from(features).buffer).toString("base64");
}

/** Far above what a neuron gives, and squares of it can still be added up. */
const MOST_ACTIVE = 1e6;

function unpackFeatures(bytes: Buffer, dimension: number): number[] {
  const values = Array.from({ length: Math.floor(bytes.length / 4) }, (_, k) => bytes.readFloatLE(4 * k));
  if (bytes.length === 4 * dimension && values.every((value) => value >= 0 && value < MOST_ACTIVE))
    return values;
  throw new Problem(
    "bad-request",
    `features: needed are ${dimension} numbers of 4 bytes, as compare answers them.`,
  );
}
