/**
 * A system on disk: a folder of model folders, `system.json` that lists them in order, and the `matcher.safetensors`
 * of all.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DataError } from "../../base/errors/index.ts";
import { hashFiles, readCardJson, readListed, writeFileAtomic } from "../../base/files/index.ts";
import { readMatcher, writeMatcher } from "../../matching/files/index.ts";
import type { StoredMatcher } from "../../matching/match/index.ts";
import type { SessionOptions } from "../../math/session/index.ts";
import type { FaceModel } from "../net/index.ts";
import {
  type FaceSystem,
  type NewSystemCard,
  parseSystemCard,
  SYSTEM_CARD,
  type SystemCard,
  systemOf,
  withoutCohort,
} from "../net/index.ts";
import { openModel, readCard, readListedMatcher } from "./modelFolder.ts";

const MATCHER = "matcher.safetensors";

/** Opens a system's folder, or a model's: a system of one net. */
export async function openSystem(folder: string, options: SessionOptions = {}): Promise<FaceSystem> {
  if (!existsSync(join(folder, SYSTEM_CARD))) {
    const model = await openModel(folder, options);
    const { name, licence, files } = model.card;
    return systemOf({ name, licence, hashes: withoutCohort(files) }, [model], model.matcher);
  }
  const card = await readSystemCard(folder);
  const listed = { card: SYSTEM_CARD, files: card.files };
  const stored = await readListedMatcher(folder, listed);
  const parts: FaceModel[] = [];
  try {
    for (const part of card.parts) {
      await readListed(folder, join(part, "model.json"), listed);
      parts.push(await openModel(join(folder, part), options));
    }
    const system = systemOf(
      { name: card.name, licence: card.licence, hashes: withoutCohort(card.files) },
      parts,
      stored,
    );
    const compared = stored.matcher.model.mean.length;
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
    await readListed(folder, file, { card: SYSTEM_CARD, files });
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
  await writeFileAtomic(join(folder, SYSTEM_CARD), `${JSON.stringify(full, null, 2)}\n`);
}

/** Reads system.json of a folder. */
export const readSystemCard = async (folder: string): Promise<SystemCard> =>
  parseSystemCard(await readCardJson(folder, SYSTEM_CARD, "system"), join(folder, SYSTEM_CARD));

/** Whether `folder` holds a system of several nets. */
export const isSystem = (folder: string): boolean => existsSync(join(folder, SYSTEM_CARD));

/** The region names of a system's folder or a model's, without opening the nets. */
export async function partsOf(folder: string): Promise<string[]> {
  return isSystem(folder) ? (await readSystemCard(folder)).parts : [(await readCard(folder)).region.name];
}
