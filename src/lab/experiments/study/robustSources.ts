/** Systems whose robustness is studied: the taps of a net, several nets, LBP; each with a matcher learned on clean faces. */
import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { InputError } from "../../../base/errors/index.ts";
import { sha256 } from "../../../base/files/index.ts";
import type { FaceReader } from "../../../faces/face/index.ts";
import { extractLbp, principalComponents, readLbpComponents } from "../../../faces/lbp/index.ts";
import type { FeatureSet, Provenance } from "../../../matching/features/index.ts";
import { readMatcher } from "../../../matching/files/index.ts";
import { cosine, jointBayesian, type PairMetric } from "../../../matching/match/index.ts";
import { createMultiply } from "../../../math/engine/index.ts";
import type { SessionOptions } from "../../../math/session/index.ts";
import { openSystem } from "../../../nets/models/index.ts";
import {
  extractActivations,
  type FaceSystem,
  type FeatureOptions,
  featureSource,
  systemFeatures,
} from "../../../nets/net/index.ts";
import type { RobustSystem } from "../../studies/index.ts";

/** Features of some systems from one pass over the faces. */
export interface RobustSource {
  /** For folders and progress; all sources of a study have different ones. */
  readonly name: string;
  /** How many nets each face goes through; those of fewest are measured first. */
  readonly cost: number;
  readonly systems: readonly RobustSystem[];
  /** A set for each system. */
  extract(faces: FaceReader, options: FeatureOptions): Promise<FeatureSet[]>;
  /** What names the features and matchers: equal keys give equal numbers. */
  readonly key: unknown;
  /** For each system all that its features depend on besides the faces: names of their files in a cache. */
  readonly provenance: readonly Provenance[];
  release(): Promise<void>;
}

export interface SourceOptions extends SessionOptions {
  readonly model: string;
  readonly system?: string[];
  readonly lbp?: string;
  /** Matcher files by the name of what they compare: fc3, lbp. */
  readonly matcher?: { readonly name: string; readonly path: string }[];
}

/** Opens everything: the model under study first, whose deepest tap is judged; what is compared with (LBP) last. */
export async function openSources(options: SourceOptions): Promise<RobustSource[]> {
  const { matcher = [] } = options;
  const matchers = new Map(matcher.map(({ name, path }) => [name.toLowerCase(), path]));
  const sources: RobustSource[] = [];
  try {
    for (const [i, folder] of [options.model, ...(options.system ?? [])].entries()) {
      const system = await openSystem(folder, options);
      const place = { name: basename(resolve(folder)), under: i === 0 };
      sources.push(system.parts.length === 1 ? await tapsOf(system, matchers, place) : netsOf(system, place));
    }
    if (options.lbp !== undefined) sources.push(await lbpSource(options.lbp, matchers, options));
    return toldApart(sources);
  } catch (error) {
    await Promise.all(sources.map((source) => source.release()));
    throw error;
  }
}

/** Equal names of sources get a number, equal names of curves the name of their source. */
export function toldApart(sources: readonly RobustSource[]): RobustSource[] {
  const seen = new Map<string, number>();
  const numbered = sources.map((source) => {
    const times = (seen.get(source.name) ?? 0) + 1;
    seen.set(source.name, times);
    return times === 1 ? source : { ...source, name: `${source.name} (${times})` };
  });
  const curves = numbered.flatMap(({ systems }) => systems.map(({ name }) => name));
  const isShared = (name: string) => curves.indexOf(name) !== curves.lastIndexOf(name);
  return numbered.map((source) => ({
    ...source,
    systems: source.systems.map((system) =>
      isShared(system.name) ? { ...system, name: `${system.name} of ${source.name}` } : system,
    ),
  }));
}

/** What a model's folder is called, and whether it is the one under study. */
interface Place {
  readonly name: string;
  readonly under: boolean;
}

/** FC-1 to FC-4 of one net, as far as it has them. Matchers by name are for the model under study. */
async function tapsOf(
  system: FaceSystem,
  matchers: ReadonlyMap<string, string>,
  place: Place,
): Promise<RobustSource> {
  const [{ net, card, matcher }] = system.parts;
  const names = [...net.activations.keys()].filter((name) => /^fc\d$/.test(name)).sort();
  const systems: RobustSystem[] = [];
  const files: string[] = []; // by content: a matcher learned anew is another one
  for (const name of names) {
    const path = place.under ? matchers.get(name) : undefined;
    if (path !== undefined) files.push(sha256(await readFile(path)));
    const own = name === card.feature ? jointBayesian(matcher.matcher) : cosine;
    const metric = path === undefined ? own : await metricFrom(path, 2 * net.activations.get(name)!);
    const role = place.under && name === names.at(-1) ? "judged" : "own";
    systems.push({ name: name.toUpperCase().replace("FC", "FC-"), metric, role });
  }
  return {
    name: place.name,
    cost: 1,
    systems,
    extract: (faces, how) => extractActivations({ net, region: card.region, names }, faces, how),
    key: { hashes: system.hashes, metrics: systems.map(({ metric }) => metric.name), files },
    provenance: names.map((feature) => featureSource(card.files["net.onnx"], card.region, feature)),
    release: system.release,
  };
}

function netsOf(system: FaceSystem, { name, under }: Place): RobustSource {
  const nets = system.parts.length;
  const role = under ? "judged" : "own";
  return {
    name,
    cost: nets,
    systems: [{ name: `${nets} nets`, metric: jointBayesian(system.matcher.matcher), role }],
    extract: async (faces, how) => [await systemFeatures(system, faces, { ...how, rest: true })],
    key: system.hashes,
    provenance: [{ system: JSON.stringify(system.hashes) }],
    release: system.release,
  };
}

async function lbpSource(
  path: string,
  matchers: ReadonlyMap<string, string>,
  options: SessionOptions,
): Promise<RobustSource> {
  const { pca, source } = await readLbpComponents(path);
  const file = matchers.get("lbp");
  const metric = file === undefined ? cosine : await metricFrom(file, pca.components.rows);
  const engine = createMultiply(options);
  const reduction = principalComponents(pca, engine.multiply);
  const components = sha256(await readFile(path));
  return {
    name: "LBP",
    cost: 1,
    systems: [{ name: "LBP", metric, role: "rival" }],
    extract: async (faces, how) => [await extractLbp(faces, { reduction, ...how })],
    key: {
      source,
      components,
      metric: metric.name,
      matcher: file && sha256(await readFile(file)),
    },
    provenance: [{ feature: "lbp", components }],
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
