/**
 * Several nets as one system: each looks at its own region, all their features stand side by side, and one matcher
 * compares them. Paper: Section 4, 25 nets of 25 regions.
 *
 * On disk: a folder of model folders, `system.json` that lists them in order, and the `matcher.safetensors` of all.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { DataError } from "../../base/errors/index.ts";
import { writeFileAtomic } from "../../base/files/index.ts";
import type { FaceReader } from "../../faces/face/index.ts";
import {
  cachedFeatures,
  createFeatureSet,
  type FeatureSet,
  type KeyedFaces,
} from "../../matching/features/index.ts";
import { readMatcher, type StoredMatcher, writeMatcher } from "../../matching/match/index.ts";
import type { SessionOptions } from "../../math/engine/index.ts";
import { extractFeatures, type FeatureOptions, featureSource } from "./features.ts";
import { hashFiles, readCardJson, readListed } from "./listedFile.ts";
import { type FaceModel, MatchingSchema, openModel, readCard } from "./modelFolder.ts";

const CARD = "system.json";
const MATCHER = "matcher.safetensors";
const count = z.number().int().min(0);

const SystemSchema = z.looseObject({
  format: z.literal("deepid2plus-system"),
  version: z.literal(1),
  name: z.string().min(1),
  /** Model folders inside this one, in the order of their features. */
  parts: z.array(z.string().regex(/^\w[\w.-]*$/, "must be the plain name of a folder beside it")).min(1),
  matching: MatchingSchema,
  /** Further matchers: of the first nets by themselves, and of binary codes. */
  variants: z
    .array(
      z.object({
        code: z.enum(["real", "binary"]),
        nets: z.number().int().min(1),
        components: count,
        accuracy: z.number(),
      }),
    )
    .optional(),
  licence: z.string(),
  /** SHA-256 of the matcher and of each part's model.json, which holds the hashes of its files. */
  files: z.record(z.string(), z.string()),
});

/** system.json. Further entries are kept as they are. */
export type SystemCard = z.infer<typeof SystemSchema>;

/** What system.json is to say; the rest is filled in. */
export type NewSystemCard = Pick<SystemCard, "name" | "parts" | "matching" | "licence"> &
  Record<string, unknown>;

/** One net or several, with the matcher of their features. */
export interface FaceSystem {
  readonly name: string;
  readonly parts: readonly FaceModel[];
  readonly matcher: StoredMatcher;
  /** Numbers a face: original and mirror image of every net. */
  readonly dimension: number;
  readonly licence: string;
  /** What names its files' contents: equal hashes give equal features. */
  readonly hashes: Readonly<Record<string, string>>;
  release(): Promise<void>;
}

/** Opens a system's folder, or a model's: a system of one net. */
export async function openSystem(folder: string, options: SessionOptions = {}): Promise<FaceSystem> {
  if (!existsSync(join(folder, CARD))) {
    const model = await openModel(folder, options);
    const { name, licence, files } = model.card;
    return systemOf({ name, licence, hashes: files }, [model], model.matcher);
  }
  const card = await readSystemCard(folder);
  const listed = { card: CARD, files: card.files };
  await readListed(folder, MATCHER, listed);
  const matcher = await readMatcher(join(folder, MATCHER));
  const parts: FaceModel[] = [];
  try {
    for (const part of card.parts) {
      await readListed(folder, join(part, "model.json"), listed);
      parts.push(await openModel(join(folder, part), options));
    }
    const system = systemOf({ name: card.name, licence: card.licence, hashes: card.files }, parts, matcher);
    const compared = matcher.matcher.model.mean.length;
    if (compared !== system.dimension) {
      throw new DataError(
        `${folder}: ${MATCHER} compares ${compared} numbers, its ${parts.length} nets give ${system.dimension}`,
      );
    }
    return system;
  } catch (error) {
    await Promise.all(parts.map((part) => part.release()));
    throw error;
  }
}

const systemOf = (
  about: Pick<FaceSystem, "name" | "licence" | "hashes">,
  parts: readonly FaceModel[],
  matcher: StoredMatcher,
): FaceSystem => ({
  ...about,
  parts,
  matcher,
  dimension: parts.reduce((sum, part) => sum + lengthOf(part), 0),
  release: async () => void (await Promise.all(parts.map((part) => part.release()))),
});

/** Numbers a face that one net gives: original and mirror image. */
export const lengthOf = ({ net, card }: FaceModel): number => 2 * net.activations.get(card.feature)!;

/** A matcher for part of what a system gives: its first `nets`, as numbers or as bits (Section 5). */
export interface VariantMatcher extends StoredMatcher {
  readonly code: "real" | "binary";
  readonly nets: number;
}

const fileOf = ({ code, nets }: Pick<VariantMatcher, "code" | "nets">) => `${code}-${nets}.safetensors`;

/** The further matchers of the system in `folder`: what shows how nets add up and what bits lose. */
export async function readVariants(folder: string): Promise<VariantMatcher[]> {
  const { files, variants = [] } = await readSystemCard(folder);
  const read: VariantMatcher[] = [];
  for (const { code, nets } of variants) {
    const file = fileOf({ code, nets });
    await readListed(folder, file, { card: CARD, files });
    read.push({ code, nets, ...(await readMatcher(join(folder, file))) });
  }
  return read;
}

/** Writes system.json and the matchers beside the model folders `parts`; the card comes last. */
export async function writeSystem(
  folder: string,
  {
    matcher,
    variants = [],
    card,
  }: { matcher: StoredMatcher; variants?: readonly VariantMatcher[]; card: NewSystemCard },
): Promise<void> {
  await writeMatcher(join(folder, MATCHER), matcher);
  for (const variant of variants) {
    const { matcher } = variant; // its calibration is left out: protocols choose their thresholds themselves
    await writeMatcher(join(folder, fileOf(variant)), { matcher });
  }
  const files = await hashFiles(folder, [
    MATCHER,
    ...variants.map(fileOf),
    ...card.parts.map((part) => join(part, "model.json")),
  ]);
  const full = { format: "deepid2plus-system", version: 1, ...card, files };
  await writeFileAtomic(join(folder, CARD), `${JSON.stringify(full, null, 2)}\n`);
}

/** Reads system.json of a folder. */
export async function readSystemCard(folder: string): Promise<SystemCard> {
  const parsed = SystemSchema.safeParse(await readCardJson(folder, CARD, "system"));
  if (parsed.success) return parsed.data;
  throw new DataError(`${join(folder, CARD)}: not a system card\n${z.prettifyError(parsed.error)}`);
}

/** Whether `folder` holds a system of several nets. */
export const isSystem = (folder: string): boolean => existsSync(join(folder, CARD));

/** The region names of a system's folder or a model's, without opening the nets. */
export async function partsOf(folder: string): Promise<string[]> {
  return isSystem(folder) ? (await readSystemCard(folder)).parts : [(await readCard(folder)).region.name];
}

/** Keeps the features of each part in `folder`, or finds them there. */
export const keepIn =
  (folder: string, faces: KeyedFaces): PartCache =>
  ({ card }, compute) =>
    cachedFeatures(folder, featureSource(card.files["net.onnx"], card.region, card.feature), faces, compute);

/** Computes the features of one part, or finds them where they have been computed before. */
export type PartCache = (part: FaceModel, compute: () => Promise<FeatureSet>) => Promise<FeatureSet>;

export interface SystemFeatureOptions extends FeatureOptions {
  readonly cache?: PartCache;
  /** Each net gives its memory back when it is done: for many faces, where nothing else uses the system meanwhile. */
  readonly rest?: boolean;
}

/**
 * The features of every face by all nets of `system`, side by side: [net 1: original | mirror | net 2: ...], one net at
 * a time.
 */
export async function systemFeatures(
  { parts, dimension }: Pick<FaceSystem, "parts" | "dimension">,
  faces: FaceReader,
  { onProgress, signal, cache, rest = false }: SystemFeatureOptions = {},
): Promise<FeatureSet> {
  const values = new Float32Array(faces.count * dimension);
  let column = 0;
  for (const [i, part] of parts.entries()) {
    const { net, card } = part;
    const compute = () =>
      extractFeatures({ net, region: card.region, name: card.feature }, faces, {
        onProgress: (done, total) => onProgress?.(i * total + done, parts.length * total),
        signal,
      });
    const set = await (cache ? cache(part, compute) : compute());
    if (rest) await net.rest();
    if (parts.length === 1) return set;
    for (let row = 0; row < set.rows; row++) {
      const from = set.values.subarray(row * set.dimension, (row + 1) * set.dimension);
      values.set(from, row * dimension + column);
    }
    column += set.dimension;
  }
  return createFeatureSet(values, dimension, faces);
}
