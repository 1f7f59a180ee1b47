/** Systems whose robustness is studied: the taps of a net, several nets, LBP; each with a matcher learned on clean faces. */
import { readFile } from "node:fs/promises";
import { createMultiply } from "../../engine/index.ts";
import { InputError } from "../../errors/index.ts";
import type { FaceReader } from "../../face/index.ts";
import type { FeatureSet } from "../../features/index.ts";
import { extractLbp, principalComponents, readLbpComponents } from "../../lbp/index.ts";
import { cosine, jointBayesian, type PairMetric, readMatcher } from "../../match/index.ts";
import {
  extractActivations,
  type FaceSystem,
  type FeatureOptions,
  openSystem,
  sha256,
  systemFeatures,
} from "../../net/index.ts";
import type { RobustSystem } from "../../studies/index.ts";
import type { EngineOptions } from "../options.ts";

/** Features of some systems from one pass over the faces. */
export interface RobustSource {
  /** For file names and progress. */
  readonly name: string;
  readonly systems: readonly RobustSystem[];
  /** A set for each system. */
  extract(faces: FaceReader, options: FeatureOptions): Promise<FeatureSet[]>;
  /** What names the features and matchers: equal keys give equal numbers. */
  readonly key: unknown;
  release(): Promise<void>;
}

export interface SourceOptions extends EngineOptions {
  readonly model: string;
  readonly system?: string[];
  readonly lbp?: string;
  /** Matcher files by the name of what they compare: fc3, lbp. */
  readonly matcher?: { readonly name: string; readonly path: string }[];
}

/** Opens everything; what is compared with (LBP) comes last. */
export async function openSources(options: SourceOptions): Promise<RobustSource[]> {
  const { matcher = [] } = options;
  const matchers = new Map(matcher.map(({ name, path }) => [name.toLowerCase(), path]));
  const sources: RobustSource[] = [];
  try {
    for (const folder of [options.model, ...(options.system ?? [])]) {
      const system = await openSystem(folder, options);
      sources.push(system.parts.length === 1 ? await tapsOf(system, matchers) : netsOf(system));
    }
    if (options.lbp !== undefined) sources.push(await lbpSource(options.lbp, matchers, options));
  } catch (error) {
    await Promise.all(sources.map((source) => source.release()));
    throw error;
  }
  return sources;
}

/** FC-1 to FC-4 of one net, as far as it has them. */
async function tapsOf(system: FaceSystem, matchers: ReadonlyMap<string, string>): Promise<RobustSource> {
  const [{ net, card, matcher }] = system.parts;
  const names = [...net.activations.keys()].filter((name) => /^fc\d$/.test(name)).sort();
  const systems: RobustSystem[] = [];
  const files: string[] = []; // by content: a matcher learned anew is another one
  for (const name of names) {
    const path = matchers.get(name);
    if (path !== undefined) files.push(sha256(await readFile(path)));
    const own = name === card.feature ? jointBayesian(matcher.matcher) : cosine;
    const metric = path === undefined ? own : await metricFrom(path, 2 * net.activations.get(name)!);
    systems.push({ name: name.toUpperCase().replace("FC", "FC-"), metric, subject: true });
  }
  return {
    name: card.name,
    systems,
    extract: (faces, how) => extractActivations({ net, region: card.region, names }, faces, how),
    key: { hashes: system.hashes, metrics: systems.map(({ metric }) => metric.name), files },
    release: system.release,
  };
}

function netsOf(system: FaceSystem): RobustSource {
  const name = `${system.parts.length} nets`;
  return {
    name,
    systems: [{ name, metric: jointBayesian(system.matcher.matcher), subject: true }],
    extract: async (faces, how) => [await systemFeatures(system, faces, how)],
    key: system.hashes,
    release: system.release,
  };
}

async function lbpSource(
  path: string,
  matchers: ReadonlyMap<string, string>,
  options: EngineOptions,
): Promise<RobustSource> {
  const { pca, source } = await readLbpComponents(path);
  const file = matchers.get("lbp");
  const metric = file === undefined ? cosine : await metricFrom(file, pca.components.rows);
  const engine = createMultiply(options);
  const reduction = principalComponents(pca, engine.multiply);
  return {
    name: "LBP",
    systems: [{ name: "LBP", metric, subject: false }],
    extract: async (faces, how) => [await extractLbp(faces, { reduction, ...how })],
    key: {
      source,
      components: sha256(await readFile(path)),
      metric: metric.name,
      matcher: file && sha256(await readFile(file)),
    },
    release: engine.release,
  };
}

async function metricFrom(path: string, dimension: number): Promise<PairMetric> {
  const { matcher } = await readMatcher(path);
  const compared = matcher.model.mean.length;
  if (compared !== dimension) {
    throw new InputError(`${path}: compares features of dimension ${compared}, these have ${dimension}`);
  }
  return jointBayesian(matcher);
}
