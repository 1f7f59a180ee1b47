/** The paper's tables measured: test faces to features by every net, and all of them scored. */

import { type StagedProgress, stageOf } from "../../../base/progress/index.ts";
import { type AlignedFaces, facesOfRows, type PairsFile, rowsOfPairs } from "../../../faces/data/index.ts";
import type { FeatureSet, PairList } from "../../../matching/features/index.ts";
import { cosine, jointBayesianOn, type Matcher } from "../../../matching/match/index.ts";
import {
  foldsOf,
  type IdentificationSizes,
  type IdentificationSummary,
  identification,
  scoreTable,
  type Verification,
  verifyBy,
} from "../../../matching/protocols/index.ts";
import { createMultiply } from "../../../math/engine/index.ts";
import type { Matrix } from "../../../math/linalg/index.ts";
import type { SessionOptions } from "../../../math/session/index.ts";
import { isSystem, keepIn, openSystem, readVariants } from "../../../nets/models/index.ts";
import { type FaceSystem, lengthOf } from "../../../nets/net/index.ts";
import { type VerificationTables, verificationTables } from "../../paper/index.ts";
import { measuredModel } from "../../results/index.ts";
import type { Peer } from "./peers.ts";
import { rowsInPairs, tableFeatures } from "./tableFeatures.ts";

export interface TablesOptions extends SessionOptions, IdentificationSizes {
  readonly system: string;
  /** A system of DeepID2 nets on the same regions, for Figure 3. */
  readonly baseline?: string;
  readonly peers?: readonly Peer[];
  /** Where features are kept. */
  readonly featureCache: string;
  /** Draws of the identification lists; 0: Table 3 is left out. */
  readonly seeds: number;
}

/** Test faces and their pairs. */
export interface TestFaces {
  readonly faces: AlignedFaces;
  readonly pairs: PairsFile | PairList;
  /** What they are: "LFW, View 2". */
  readonly name: string;
}

/** What the page and the JSON are made of. */
export interface MeasuredTables {
  readonly system: SystemFacts;
  readonly tables: VerificationTables;
  /** Table 3 over draws of its lists. */
  readonly identification: IdentificationSummary | null;
  /** DeepID2 nets on the same regions, where a system of them is given. */
  readonly baseline: { readonly system: SystemFacts; readonly tables: VerificationTables } | null;
  readonly peers: readonly { readonly name: string; readonly verification: Verification }[];
  readonly pictures: number;
  /** What the pairs are of. */
  readonly test: string;
}

/** What a system is and learned from. */
export interface SystemFacts {
  readonly name: string;
  /** One hash of its nets, as files of results name it. */
  readonly hash: string;
  readonly nets: readonly string[];
  readonly trainedOn: { readonly source: string; readonly people: number; readonly pictures: number };
  readonly files: Readonly<Record<string, string>>;
}

/** Measures everything that `options` give material for. */
export async function measureTables(
  test: TestFaces,
  options: TablesOptions,
  progress: StagedProgress = {},
): Promise<MeasuredTables> {
  const ofPairs = facesOfPairs(test);
  const asked = options.seeds > 0 ? test : ofPairs; // identification asks about every picture
  const { all, coordinates, matcher, ...own } = await measureSystem(options.system, asked, options, progress);
  const identified =
    options.seeds > 0 ? await identify(all, { matcher, coordinates }, options, progress) : null;
  const baseline =
    options.baseline === undefined
      ? null
      : await measureBaseline(options.baseline, ofPairs, options, progress);
  const peers = (options.peers ?? []).map((peer) => measurePeer(peer, test.pairs));
  return { ...own, identification: identified, baseline, peers, pictures: all.rows, test: test.name };
}

function facesOfPairs(test: TestFaces): TestFaces {
  return { ...test, faces: facesOfRows(test.faces, rowsInPairs(test.faces.names, test.pairs)) };
}

async function measureBaseline(
  folder: string,
  test: TestFaces,
  options: TablesOptions,
  progress: StagedProgress,
) {
  const { system, tables } = await measureSystem(folder, test, options, progress);
  return { system, tables };
}

async function measureSystem(
  folder: string,
  test: TestFaces,
  options: TablesOptions,
  progress: StagedProgress,
) {
  progress.note?.(`${folder}: measuring`);
  const system = await openSystem(folder, options);
  const engine = createMultiply(options);
  try {
    const { matcher } = system.matcher;
    const { all, coordinates, compared } = await tableFeatures(system, test, {
      ...stageOf(progress, `extracting by ${system.name}`),
      cache: keepIn(options.featureCache, test.faces), // a stopped run resumes
      multiply: engine.multiply,
    });
    const { set } = compared;
    const tables = await verificationTables({
      ...compared,
      matcher,
      folds: foldsOf(rowsOfPairs(test.pairs, set.names)).folds,
      parts: system.parts.map((part) => ({
        name: part.card.region.name,
        columns: lengthOf(part),
        matcher: part.matcher.matcher,
      })),
      variants: isSystem(folder) ? await readVariants(folder) : [],
      multiply: engine.multiply,
      onProgress: progress.stage?.("comparing pairs"),
    });
    return { system: factsOf(system), tables, all, coordinates, matcher };
  } finally {
    await engine.release();
    await system.release();
  }
}

/** Table 3: who is it, if anyone? */
async function identify(
  all: FeatureSet,
  { matcher, coordinates }: { readonly matcher: Matcher; readonly coordinates: Matrix },
  options: TablesOptions,
  progress: StagedProgress,
): Promise<IdentificationSummary> {
  const { people, faces, gallery, seeds } = options;
  await using engine = createMultiply(options);
  const table = await scoreTable(jointBayesianOn(matcher, coordinates), all, {
    multiply: engine.multiply,
    ...stageOf(progress, "comparing"),
  });
  return await identification(all, table, {
    people,
    faces,
    gallery,
    matcher,
    coordinates,
    seeds: Array.from({ length: seeds }, (_, i) => i + 1),
    ...stageOf(progress, "identifying"),
  });
}

function measurePeer({ name, set, metric }: Peer, pairs: PairsFile | PairList) {
  const { folds } = foldsOf(rowsOfPairs(pairs, set.names));
  const [kind, word] =
    metric.name === cosine.name
      ? (["cosine", "cosine"] as const)
      : (["joint-bayesian", "joint Bayesian"] as const);
  return { name, verification: { ...verifyBy(kind, metric, set, folds), metric: `${name}, ${word}` } };
}

function factsOf(system: FaceSystem): SystemFacts {
  const { name, parts, hashes } = system;
  const [first] = parts;
  const { source, people, pictures } = first.card.training;
  return {
    name,
    hash: measuredModel(system).nets,
    nets: parts.map(({ card }) => card.region.name),
    trainedOn: { source, people, pictures },
    files: hashes,
  };
}
