/** Teaches a model to read attributes of faces, from features of labelled pictures, and keeps that in its folder. */
import { InputError } from "../../base/errors/index.ts";
import { writingTo } from "../../base/files/index.ts";
import { type StagedProgress, stageOf } from "../../base/progress/index.ts";
import { createRng } from "../../base/random/index.ts";
import { readAttributes } from "../../faces/data/index.ts";
import { readFeatures } from "../../matching/files/index.ts";
import { attributeTasks } from "../../matching/probes/index.ts";
import { createMultiply } from "../../math/engine/index.ts";
import { checkSameNet, openSystem } from "../../nets/models/index.ts";
import { attributesFile, type StoredAttributes, writeAttributes } from "./attributes.ts";
import { fitAttributes } from "./fitAttributes.ts";

export interface ModelAttributesOptions {
  /** The model's folder, which gets the attributes. */
  readonly model: string;
  /** A table: image, then a column of 0/1 or signed numbers each. */
  readonly attributes: string;
  /** Attributes to learn (default: those that the studies look at). */
  readonly only?: string[];
  /** Of the halves. */
  readonly seed: number;
}

/**
 * Learns attributes from the features in the file `path`, which the model computed. InputError where they are another
 * model's, or no attribute has enough pictures of both kinds.
 */
export async function fitModelAttributes(
  path: string,
  { model: folder, attributes: table, only, seed }: ModelAttributesOptions,
  progress: StagedProgress = {},
): Promise<StoredAttributes & { readonly out: string }> {
  const { set, provenance } = await readFeatures(path);
  const system = await openSystem(folder, { threads: 1 });
  try {
    checkSameNet(path, { set, provenance }, system);
    const tasks = attributeTasks(set, await readAttributes(table), only ? { attributes: only } : {});
    if (tasks.length === 0) {
      throw new InputError(`${table}: no attribute has 20 pictures of both kinds among those of ${path}`);
    }
    await using engine = createMultiply();
    const rng = createRng(seed).fork("attributes");
    const how = { multiply: engine.multiply, rng, ...stageOf(progress, "learning attributes") };
    const attributes = await fitAttributes(set, tasks, how);
    const measuredOn = {
      source: provenance.faces ?? "pictures of unknown origin",
      people: Math.floor(new Set(set.identities).size / 2),
      pictures: Math.floor(set.rows / 2),
    };
    const out = attributesFile(folder);
    await writingTo(out, () => writeAttributes(out, system, { attributes, measuredOn }));
    return { out, attributes, measuredOn };
  } finally {
    await system.release();
  }
}
