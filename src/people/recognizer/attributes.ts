/**
 * What a model's neurons tell of a face beside who it is, learned by `fitAttributes`: for each attribute the one neuron
 * that tells it best, and a linear classifier of all. Paper: Section 6.1.
 */
import { join } from "node:path";
import { z } from "zod";
import { DataError, InputError } from "../../base/errors/index.ts";
import { readSafetensors, writeSafetensors } from "../../base/files/index.ts";
import { requireTensor } from "../../base/safetensors/index.ts";
import { probabilityAtEvenOdds } from "../../matching/match/index.ts";
import { ATTRIBUTES } from "../../nets/models/index.ts";
import { type FaceSystem, MODEL_FILES } from "../../nets/net/index.ts";
import type { Analysis, AttributeReading } from "../answers/index.ts";
import { fingerprintOf } from "../answers/index.ts";

/** A fitted attribute. Accuracies are balanced and of people whom it was not fitted on. */
export interface FittedAttribute {
  readonly name: string;
  /** Present where weights·features + bias > 0. */
  readonly weights: Float32Array;
  readonly bias: number;
  readonly accuracy: number;
  /** log odds of presence = slope·(weights·features + bias) + offset. */
  readonly slope: number;
  readonly offset: number;
  /** Present where the feature of this column is above the threshold, or below it where `direction` is -1. */
  readonly neuron: {
    readonly index: number;
    readonly threshold: number;
    readonly direction: 1 | -1;
    readonly accuracy: number;
  };
}

/** Attributes as a model's folder holds them. */
export interface StoredAttributes {
  readonly attributes: readonly FittedAttribute[];
  readonly measuredOn: Analysis["measuredOn"];
}

/** Reads attributes from features. */
export interface AttributeReader {
  readonly names: readonly string[];
  readonly measuredOn: Analysis["measuredOn"];
  /** Attributes of one face with these features [dimension]; with `neurons` also what the best single neuron says. */
  read(features: Float32Array, options?: { readonly neurons?: boolean }): AttributeReading[];
}

const FORMAT = "deepid2plus-attributes";
const AboutSchema = z.object({
  names: z.array(z.string().min(1)).min(1),
  measuredOn: z.object({ source: z.string(), people: z.number().int(), pictures: z.number().int() }),
});

/** Where the attributes of a model or system lie. */
export const attributesFile = (folder: string): string => join(folder, ATTRIBUTES);

/** Columns of the table of numbers that is stored beside the weights. */
const COLUMNS = 8;

/** Writes attributes of `system` into its folder. */
export async function writeAttributes(
  path: string,
  system: FaceSystem,
  { attributes, measuredOn }: StoredAttributes,
): Promise<void> {
  const { dimension } = system;
  const weights = new Float32Array(attributes.length * dimension);
  const numbers = new Float64Array(attributes.length * COLUMNS);
  for (const [i, one] of attributes.entries()) {
    if (one.weights.length !== dimension) {
      throw new InputError(
        `attributes: the model has ${dimension} features, got weights of ${one.weights.length}`,
      );
    }
    weights.set(one.weights, i * dimension);
    const { bias, accuracy, slope, offset, neuron } = one;
    numbers.set(
      [bias, accuracy, slope, offset, neuron.index, neuron.threshold, neuron.direction, neuron.accuracy],
      i * COLUMNS,
    );
  }
  const about = { names: attributes.map(({ name }) => name), measuredOn };
  await writeSafetensors(
    path,
    {
      weights: { dtype: "F32", shape: [attributes.length, dimension], data: weights },
      numbers: { dtype: "F64", shape: [attributes.length, COLUMNS], data: numbers },
    },
    { format: FORMAT, model: fingerprintOf(system), about: JSON.stringify(about) },
  );
}

/** Of a fingerprint, what features depend on: any matcher reads the same ones. */
const netsOf = (fingerprint = ""): string =>
  fingerprint
    .split(" ")
    .filter((file) => !file.startsWith(`${MODEL_FILES.matcher}:`))
    .join(" ");

/** Opens what `writeAttributes` wrote; DataError where it is damaged or of another model. */
export async function readAttributes(path: string, system: FaceSystem): Promise<AttributeReader> {
  const file = await readSafetensors(path);
  const { format, model, about } = file.metadata;
  if (format !== FORMAT) throw new DataError(`${path}: needs metadata format "${FORMAT}", got ${format}`);
  if (netsOf(model) !== netsOf(fingerprintOf(system))) {
    throw new DataError(`${path}: fitted on features of another model; run deepid fit-attributes again`);
  }
  const { names, measuredOn } = parseAbout(about, path);
  const weights = requireTensor(file, "weights", {
    dtype: "F32",
    shape: [names.length, system.dimension],
  }).data;
  const numbers = requireTensor(file, "numbers", { dtype: "F64", shape: [names.length, COLUMNS] }).data;
  const attributes = names.map((name, i): FittedAttribute => {
    const [bias, accuracy, slope, offset, index, threshold, direction, ofNeuron] = numbers.subarray(
      i * COLUMNS,
    );
    if (!(Number.isInteger(index) && index >= 0 && index < system.dimension && Math.abs(direction) === 1)) {
      throw new DataError(`${path}: ${name}: there is no neuron ${index} with direction ${direction}`);
    }
    const neuron = { index, threshold, direction: direction as 1 | -1, accuracy: ofNeuron };
    const own = weights.subarray(i * system.dimension, (i + 1) * system.dimension);
    return { name, weights: own, bias, accuracy, slope, offset, neuron };
  });
  const read: AttributeReader["read"] = (features, { neurons = false } = {}) =>
    attributes.map((one) => ({
      ...readingOf(one, features),
      ...(neurons && { neuron: neuronReading(one, features) }),
    }));
  return { names, measuredOn, read };
}

function parseAbout(text: string | undefined, path: string): z.infer<typeof AboutSchema> {
  try {
    return AboutSchema.parse(JSON.parse(text ?? ""));
  } catch (cause) {
    throw new DataError(`${path}: its metadata "about" is damaged`, { cause });
  }
}

function readingOf(attribute: FittedAttribute, features: Float32Array): AttributeReading {
  const { name, weights, bias, accuracy, slope, offset } = attribute;
  const score = weights.reduce((sum, weight, j) => sum + weight * features[j], bias);
  const probability = probabilityAtEvenOdds(slope * score + offset);
  return { name, present: probability > 0.5, probability, accuracy };
}

function neuronReading({ neuron }: FittedAttribute, features: Float32Array): AttributeReading["neuron"] {
  const { index, threshold, direction, accuracy } = neuron;
  const activation = features[index];
  return { present: direction * (activation - threshold) > 0, index, activation, threshold, accuracy };
}
