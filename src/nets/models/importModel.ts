/** Model folders of imported nets. */
import { join } from "node:path";
import { hashFiles, writeFileAtomic } from "../../base/files/index.ts";
import { type Region, TEMPLATE_VERSION } from "../../faces/face/index.ts";
import { writeMatcher } from "../../matching/files/index.ts";
import { createMatcher, type Matcher } from "../../matching/match/index.ts";
import { matrix } from "../../math/linalg/index.ts";
import type { ModelCard, NetInput } from "../net/index.ts";
import { CARD, MATCHER, NET } from "./modelFolder.ts";

export interface ImportedModel {
  readonly onnx: Uint8Array;
  readonly input: NetInput;
  readonly region: Region;
  /** The output that is compared, and how many numbers it has. */
  readonly feature: string;
  readonly length: number;
  readonly name: string;
  readonly licence: string;
}

/** Writes the folder of an imported net; its card. Its matcher orders pairs as cosine does, and is not calibrated. */
export async function importModel(folder: string, model: ImportedModel): Promise<ModelCard> {
  const { onnx, input, region, feature, length, name, licence } = model;
  await writeFileAtomic(join(folder, NET), onnx);
  await writeMatcher(join(folder, MATCHER), { matcher: cosineMatcher(length) });
  const card: ModelCard = {
    format: "deepid2plus-model",
    version: 1,
    name,
    feature,
    region,
    template: TEMPLATE_VERSION,
    input,
    training: { source: "trained elsewhere, not known here", people: 0, pictures: 0, steps: 0, seconds: 0 },
    matching: { people: 0, pictures: 0, components: 2 * length, note: "cosine; not learned, not calibrated" },
    licence,
    files: await hashFiles(folder, [NET, MATCHER]),
  };
  await writeFileAtomic(join(folder, CARD), `${JSON.stringify(card, null, 2)}\n`);
  return card;
}

/**
 * Joint Bayesian with one ratio for all directions of blocks of unit length: its score is a rising function of the
 * cosine of [original | mirror].
 */
function cosineMatcher(length: number): Matcher {
  const dimension = 2 * length;
  const identity = new Float64Array(dimension * dimension);
  for (let i = 0; i < dimension; i++) identity[i * dimension + i] = 1;
  return createMatcher({
    blockSize: length,
    mean: new Float64Array(dimension),
    directions: matrix(dimension, dimension, identity),
    ratios: new Float64Array(dimension).fill(1),
  });
}
