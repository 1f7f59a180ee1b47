/** The paper's tables measured: test faces to features by every net, and all of them scored. */
import { openLfw, type PairsFile, picturesIn, readPairs, rowsOfPairs } from "../../data/index.ts";
import { type FeatureSet, readFeatures } from "../../features/index.ts";
import { cosine, jointBayesian, type Matcher, readMatcher } from "../../match/index.ts";
import {
  type FaceSystem,
  isSystem,
  keepIn,
  lengthOf,
  openSystem,
  readVariants,
  systemFeatures,
} from "../../net/index.ts";
import { type VerificationTables, verificationTables } from "../../paper/index.ts";
import {
  type IdentificationSizes,
  type IdentificationSummary,
  identification,
  scoreTable,
  type Verification,
} from "../../protocols/index.ts";
import { foldsOf, verifyBy } from "../evaluation.ts";
import { featureCacheOf, openAligned } from "../faces.ts";
import type { Io } from "../io.ts";
import type { EngineOptions } from "../options.ts";
import type { Output } from "../output.ts";

export interface TablesOptions extends EngineOptions, IdentificationSizes {
  readonly system: string;
  readonly baseline?: string;
  readonly peer?: readonly Peer[];
  readonly images: string;
  readonly landmarks?: string;
  readonly pairs: string;
  readonly cache?: string;
  /** Draws of the identification lists; 0: Table 3 is left out. */
  readonly seeds: number;
}

/** Another system, by its features and, where it has one, its matcher. */
export interface Peer {
  readonly name: string;
  readonly features: string;
  readonly matcher?: string;
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
}

/** What a system is and learned from. */
export interface SystemFacts {
  readonly name: string;
  readonly nets: readonly string[];
  readonly trainedOn: { readonly source: string; readonly people: number; readonly pictures: number };
  readonly files: Readonly<Record<string, string>>;
}

interface Context {
  readonly io: Io;
  readonly output: Output;
}

/** Measures everything that `options` give material for. */
export async function measureTables(options: TablesOptions, context: Context): Promise<MeasuredTables> {
  const pairs = await readPairs(options.pairs);
  const only = options.seeds > 0 ? undefined : picturesIn(pairs); // identification asks about every picture
  const { set, matcher, ...own } = await measureSystem(options.system, pairs, { ...options, only }, context);
  const identified = options.seeds > 0 ? await identify(set, matcher, options, context) : null;
  const baseline =
    options.baseline === undefined ? null : await measureBaseline(options.baseline, pairs, options, context);
  const peers: { name: string; verification: Verification }[] = [];
  for (const peer of options.peer ?? []) {
    peers.push({ name: peer.name, verification: await measurePeer(peer, pairs) });
  }
  return { ...own, identification: identified, baseline, peers, pictures: set.rows };
}

/** Which pictures get features: those of the pairs, or all there are. */
interface Faces extends TablesOptions {
  readonly only?: ReadonlySet<string>;
}

async function measureBaseline(folder: string, pairs: PairsFile, options: TablesOptions, context: Context) {
  const asked = { ...options, only: picturesIn(pairs) };
  const { system, tables } = await measureSystem(folder, pairs, asked, context);
  return { system, tables };
}

async function measureSystem(folder: string, pairs: PairsFile, options: Faces, context: Context) {
  context.output.note(`${folder}: measuring`);
  const system = await openSystem(folder, options);
  try {
    const set = await featuresOf(system, options, context);
    const parts = system.parts.map((part) => ({
      name: part.card.region.name,
      columns: lengthOf(part),
      matcher: part.matcher.matcher,
    }));
    const tables = verificationTables({
      set,
      folds: foldsOf(rowsOfPairs(pairs, set.names)).folds,
      parts,
      matcher: system.matcher.matcher,
      variants: isSystem(folder) ? await readVariants(folder) : [],
    });
    return { system: factsOf(system), tables, set, matcher: system.matcher.matcher };
  } finally {
    await system.release();
  }
}

/** Table 3: who is it, if anyone? */
async function identify(
  set: FeatureSet,
  matcher: Matcher,
  { people, faces, gallery, seeds }: TablesOptions,
  { io, output }: Context,
): Promise<IdentificationSummary> {
  const table = await scoreTable(jointBayesian(matcher), set, {
    onProgress: output.onProgress("comparing"),
    signal: io.interrupt,
  });
  return await identification(set, table, {
    ...{ people, faces, gallery, matcher, signal: io.interrupt },
    seeds: Array.from({ length: seeds }, (_, i) => i + 1),
    onProgress: output.onProgress("identifying"),
  });
}

/** Features of the pictures asked for by all nets; kept, so that a stopped run goes on where it was. */
async function featuresOf(system: FaceSystem, options: Faces, { io, output }: Context): Promise<FeatureSet> {
  const { images, landmarks, only } = options;
  const source = await openLfw({ images, landmarks, only });
  await using open = await openAligned(source, options, io, output);
  const folder = featureCacheOf(options, io);
  return await systemFeatures(system, open.faces, {
    onProgress: output.onProgress(`extracting by ${system.name}`),
    signal: io.interrupt,
    cache: keepIn(folder, open.faces),
  });
}

async function measurePeer({ name, features, matcher }: Peer, pairs: PairsFile): Promise<Verification> {
  const { set } = await readFeatures(features);
  const { folds } = foldsOf(rowsOfPairs(pairs, set.names));
  if (matcher === undefined) return { ...verifyBy("cosine", cosine, set, folds), metric: `${name}, cosine` };
  const { matcher: learned } = await readMatcher(matcher);
  return {
    ...verifyBy("joint-bayesian", jointBayesian(learned), set, folds),
    metric: `${name}, joint Bayesian`,
  };
}

function factsOf({ name, parts, hashes }: FaceSystem): SystemFacts {
  const [first] = parts;
  const { source, people, pictures } = first.card.training;
  return {
    name,
    nets: parts.map(({ card }) => card.region.name),
    trainedOn: { source, people, pictures },
    files: hashes,
  };
}
