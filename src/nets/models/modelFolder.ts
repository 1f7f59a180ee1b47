/**
 * A released model in its folder: `net.onnx` (any ONNX runtime reads it), `matcher.safetensors` (principal components
 * and Joint Bayesian, calibrated), maybe `cohort.safetensors` (calibrated by a cohort), and `model.json`, which says what they are and carries their hashes.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { findListed, readCardJson, readListed, writeFileAtomic } from "../../base/files/index.ts";
import { readCohort, readMatcher } from "../../matching/files/index.ts";
import type { StoredMatcher } from "../../matching/match/index.ts";
import { createSession } from "../../math/engine/index.ts";
import type { OpenSession, SessionOptions } from "../../math/session/index.ts";
import { type FaceModel, MODEL_FILES, type ModelCard, modelOf, parseCard } from "../net/index.ts";
import { passTrial } from "./foreignTrialCache.ts";

export const { net: NET, matcher: MATCHER, cohort: COHORT, card: CARD } = MODEL_FILES;
/** Beside them, not on the card: what `deepid fit-attributes` writes. */
export const ATTRIBUTES = "attributes.safetensors";

/** Reads model.json of a model folder. */
export const readCard = async (folder: string): Promise<ModelCard> =>
  parseCard(await readCardJson(folder, CARD, "model"), join(folder, CARD));

/**
 * Opens a model folder; a file that is not what model.json says is refused, and so is a net of unknown origin that needs too
 * much time or memory.
 */
export async function openModel(folder: string, options: SessionOptions = {}): Promise<FaceModel> {
  const card = await readCard(folder);
  const listed = { card: CARD, files: card.files };
  const onnx = await readListed(folder, NET, listed);
  await passTrial(folder, { card, onnx });
  const matcher = readListedMatcher(folder, listed);
  const open: OpenSession = (bytes, more, name) => createSession(bytes, { ...more, ...options }, name);
  return modelOf({ card, onnx, matcher }, open, folder);
}

/** The matcher of `folder`, calibrated by its cohort where the card lists one. */
export async function readListedMatcher(
  folder: string,
  listed: { readonly card: string; readonly files: Readonly<Record<string, string>> },
): Promise<StoredMatcher> {
  const matcher = await findListed(folder, MATCHER, listed);
  const stored = await readMatcher(matcher.path);
  if (!Object.hasOwn(listed.files, COHORT)) return stored;
  const cohort = await findListed(folder, COHORT, listed);
  const calibration = await readCohort(cohort.path, stored.matcher.model.ratios.length);
  return { ...stored, calibration };
}

/** Copies a model folder, every file checked against model.json, which comes last. */
export async function copyModel(from: string, to: string): Promise<void> {
  const { files } = await readCard(from);
  for (const file of [NET, MATCHER, COHORT].filter((name) => Object.hasOwn(files, name))) {
    await writeFileAtomic(join(to, file), await readListed(from, file, { card: CARD, files }));
  }
  await writeFileAtomic(join(to, CARD), await readFile(join(from, CARD)));
}
