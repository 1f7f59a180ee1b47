/** What turns faces into features: a model, a system of several, or LBP; and what a file of them says about it. */

import { InputError } from "../../base/errors/index.ts";
import type { FaceReader } from "../../faces/face/index.ts";
import { extractLbp, principalComponents, readLbpComponents } from "../../faces/lbp/index.ts";
import type { FeatureSet, Provenance } from "../../matching/features/index.ts";
import { createMultiply } from "../../math/engine/index.ts";
import type { SessionOptions } from "../../math/session/index.ts";
import { netHash, openSystem } from "../../nets/models/index.ts";
import {
  extractFeatures,
  type FaceSystem,
  type FeatureOptions,
  type ModelCard,
  systemFeatures,
} from "../../nets/net/index.ts";
import { vectorSource } from "./vectorSource.ts";

export interface FeatureSource {
  readonly provenance: Provenance;
  extract(faces: FaceReader, options: FeatureOptions): Promise<FeatureSet>;
  release(): Promise<void>;
}

/** High-dimensional LBP: along the components of a file from `deepid fit-lbp`, or without one all its 99,120 numbers. */
export async function openLbpSource(
  components: string | undefined,
  options: SessionOptions,
): Promise<FeatureSource> {
  const raw = { feature: "lbp", landmarks: "21 points of the template", blockSize: "0" };
  if (components === undefined) {
    return { provenance: raw, extract: (faces, how) => extractLbp(faces, how), release: async () => {} };
  }
  const { pca, source } = await readLbpComponents(components);
  const engine = createMultiply(options);
  const reduction = principalComponents(pca, engine.multiply);
  return {
    provenance: { ...raw, components: `${pca.components.rows} of ${source}` },
    extract: (faces, how) => extractLbp(faces, { reduction, ...how }),
    release: engine.release,
  };
}

/** The feature that is no layer of a net: what the matcher makes of a face. */
const VECTOR = "vector";

/** The model or system in `folder`; of one net also another layer than it compares, by `feature`. */
export async function openModelSource(
  folder: string,
  { feature, ...options }: SessionOptions & { readonly feature?: string },
): Promise<FeatureSource> {
  const system = await openSystem(folder, options);
  if (feature === VECTOR)
    return vectorSource(system, (system.parts.length === 1 ? oneNet : severalNets)(system).provenance);
  if (system.parts.length === 1) return oneNet(system, feature);
  if (feature === undefined) return severalNets(system);
  await system.release();
  throw new InputError(`extract: --feature is for one net; several have what they compare, and ${VECTOR}`);
}

function oneNet(
  { name, parts: [{ net, card }], release }: FaceSystem,
  feature = card.feature,
): FeatureSource {
  return {
    provenance: {
      model: name,
      net: hashOf(card),
      feature,
      blocks: "original | mirror",
      blockSize: String(net.activations.get(feature)),
    },
    extract: (faces, how) => extractFeatures({ net, region: card.region, name: feature }, faces, how),
    release,
  };
}

function severalNets(system: FaceSystem): FeatureSource {
  const { name, parts, release } = system;
  const lengths = new Set(parts.map(({ net, card }) => net.activations.get(card.feature)));
  return {
    provenance: {
      model: name,
      net: parts.map(({ card }) => `${card.name} ${hashOf(card)}`).join(", "),
      feature: [...new Set(parts.map(({ card }) => card.feature))].join(", "),
      blocks: "original | mirror of each net in turn",
      blockSize: String(lengths.size === 1 ? [...lengths][0] : 0),
    },
    extract: (faces, how) => systemFeatures(system, faces, { ...how, rest: true }),
    release,
  };
}

const hashOf = (card: ModelCard) => `sha256 ${netHash(card)}`;

/** What features are of: a model, or LBP. */
export interface FeatureChoice {
  readonly model?: string;
  /** A components file, or true for raw descriptors. */
  readonly lbp?: string | true;
  readonly feature?: string;
}

/** Opens what `options` name; InputError where that is not one thing. */
export async function openFeatureSource(options: FeatureChoice & SessionOptions): Promise<FeatureSource> {
  const { model, lbp, feature } = options;
  if (model !== undefined && lbp === undefined) return openModelSource(model, options);
  if (model !== undefined || lbp === undefined) throw new InputError("extract: give either --model or --lbp");
  if (feature !== undefined) throw new InputError("extract: --feature is for a --model");
  return openLbpSource(lbp === true ? undefined : lbp, options);
}
