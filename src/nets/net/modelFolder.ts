/**
 * A released model as a folder: `net.onnx` (any ONNX runtime reads it), `matcher.safetensors` (principal components
 * and Joint Bayesian, calibrated) and `model.json`, which says what they are and carries their hashes.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { DataError } from "../../base/errors/index.ts";
import { writeFileAtomic } from "../../base/files/index.ts";
import { cropSize, type Region, TEMPLATE_VERSION } from "../../faces/face/index.ts";
import { readMatcher, type StoredMatcher, writeMatcher } from "../../matching/match/index.ts";
import type { SessionOptions } from "../../math/engine/index.ts";
import type { Precision } from "./compact.ts";
import type { NetConfig } from "./config.ts";
import { type FaceNet, openNet, releasedOnnx } from "./faceNet.ts";
import { NetInputSchema, openImportedNet } from "./importedNet.ts";
import { hashFiles, readCardJson, readListed } from "./listedFile.ts";
import type { Weights } from "./scope.ts";

const count = z.number().int().min(0);

export const RegionSchema = z.object({
  name: z.string(),
  box: z.object({
    x: z.number(),
    y: z.number(),
    width: z.number().positive(),
    height: z.number().positive(),
  }),
  height: z.number().int().positive(),
  width: z.number().int().positive(),
  colour: z.enum(["rgb", "grey"]),
}) satisfies z.ZodType<Region>;

/** What Joint Bayesian learned from. */
export const MatchingSchema = z.looseObject({
  people: count,
  /** So many of these people trained the net, too. */
  trainedPeople: count.optional(),
  pictures: count,
  components: count,
  /** Directions kept of those; all where it is left out. */
  directions: count.optional(),
  /** Whether a face and its mirror image count alike. */
  mirrorsAlike: z.boolean().optional(),
});

const CardSchema = z.looseObject({
  format: z.literal("deepid2plus-model"),
  version: z.literal(1),
  name: z.string().min(1),
  /** The activation that is compared: original and mirror image side by side. */
  feature: z.string(),
  region: RegionSchema,
  /** How an imported net takes its pictures; nets of our own take theirs as `toNetInput` makes them. */
  input: NetInputSchema.optional(),
  /** Version of the aligned frame that the region's box refers to. */
  template: z.union([z.string(), z.number()]),
  /** What the net learned from. */
  training: z.looseObject({
    source: z.string(),
    people: count,
    pictures: count,
    steps: count,
    seconds: z.number(),
  }),
  matching: MatchingSchema,
  licence: z.string(),
  /** SHA-256 of the other files. */
  files: z.record(z.string(), z.string()),
});

/** model.json. Further entries (results, notes) are kept as they are. */
export type ModelCard = z.infer<typeof CardSchema>;

export interface FaceModel {
  readonly card: ModelCard;
  readonly net: FaceNet;
  readonly matcher: StoredMatcher;
  release(): Promise<void>;
}

/** What is released: folded weights of a net, the matcher, and what model.json is to say. */
export interface Release {
  readonly config: NetConfig;
  readonly weights: Weights;
  readonly precision?: Precision;
  readonly matcher: StoredMatcher;
  readonly card: Omit<ModelCard, "format" | "version" | "template" | "files">;
}

export const NET = "net.onnx";
export const MATCHER = "matcher.safetensors";
export const CARD = "model.json";

/** Writes a model folder; model.json comes last, so a folder that has it is whole. */
export async function writeModel(
  folder: string,
  { config, weights, precision = "float32", matcher, card }: Release,
): Promise<void> {
  const metadata = { name: String(card.name), licence: String(card.licence) };
  await writeFileAtomic(join(folder, NET), releasedOnnx(config, weights, { metadata, precision }));
  await writeMatcher(join(folder, MATCHER), matcher);
  const files = await hashFiles(folder, [NET, MATCHER]);
  const full = {
    format: "deepid2plus-model",
    version: 1,
    ...card,
    template: TEMPLATE_VERSION,
    net: config,
    precision,
    files,
  };
  await writeFileAtomic(join(folder, CARD), `${JSON.stringify(full, null, 2)}\n`);
}

/** Reads model.json of a model folder. */
export async function readCard(folder: string): Promise<ModelCard> {
  const path = join(folder, CARD);
  const parsed = CardSchema.safeParse(await readCardJson(folder, CARD, "model"));
  if (!parsed.success) throw new DataError(`${path}: not a model card\n${z.prettifyError(parsed.error)}`);
  if (String(parsed.data.template) !== String(TEMPLATE_VERSION)) {
    throw new DataError(
      `${path}: made for alignment ${parsed.data.template}, this version aligns by ${TEMPLATE_VERSION}`,
    );
  }
  return parsed.data;
}

/** Opens a model folder; a file that is not what model.json says is refused. */
export async function openModel(folder: string, options: SessionOptions = {}): Promise<FaceModel> {
  const card = await readCard(folder);
  const listed = { card: CARD, files: card.files };
  const onnx = await readListed(folder, NET, listed);
  await readListed(folder, MATCHER, listed);
  const matcher = await readMatcher(join(folder, MATCHER));
  const { input, region } = card;
  const name = join(folder, NET);
  const net = input
    ? await openImportedNet(onnx, { input, region, name }, options)
    : await openNet(onnx, options, name);
  const unfit = misfit(card, net, matcher);
  if (unfit) {
    await net.release();
    throw new DataError(`${folder}: ${unfit}`);
  }
  return { card, net, matcher, release: () => net.release() };
}

/** Copies a model folder, every file checked against model.json, which comes last. */
export async function copyModel(from: string, to: string): Promise<void> {
  const { files } = await readCard(from);
  for (const file of [NET, MATCHER]) {
    await writeFileAtomic(join(to, file), await readListed(from, file, { card: CARD, files }));
  }
  await writeFileAtomic(join(to, CARD), await readFile(join(from, CARD)));
}

/** What does not fit together in a model folder, if anything. */
function misfit({ feature, region }: ModelCard, { activations, size }: FaceNet, { matcher }: StoredMatcher) {
  const length = activations.get(feature);
  if (length === undefined) return `${NET} has no output ${feature}`;
  const { height, width, channels } = cropSize(region);
  if (height !== size.height || width !== size.width || channels !== size.channels) {
    return `its region is ${height} x ${width} x ${channels}, ${NET} takes ${size.height} x ${size.width} x ${size.channels}`;
  }
  const dimension = matcher.model.mean.length;
  if (dimension !== 2 * length) {
    return `${MATCHER} compares ${dimension} numbers, ${feature} of a face and its mirror image has ${2 * length}`;
  }
  return undefined;
}
