/** A new matcher or cohort for a folder that is there, a model's or a system's. Killed at any moment, it is the old one or the new one. */
import { readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { nextOf, readCardJson, sha256, writeFileAtomic } from "../../base/files/index.ts";
import { writeCohort, writeMatcher } from "../../matching/files/index.ts";
import type { CohortCalibration, StoredMatcher } from "../../matching/match/index.ts";
import { type ModelCard, SYSTEM_CARD } from "../net/index.ts";
import { CARD, COHORT, MATCHER, readCard } from "./modelFolder.ts";
import { isSystem, readSystemCard } from "./systemFolder.ts";

/** What a card says of a matcher, and of the people whom it was chosen on. */
interface OnCard {
  readonly matching: ModelCard["matching"];
  readonly validation?: unknown;
}

/** Puts `matcher` into a model's folder in place of its own and its cohort, and what `onCard` says of it onto its card. */
export async function replaceMatcher(folder: string, matcher: StoredMatcher, onCard: OnCard): Promise<void> {
  await replaceFile(folder, MATCHER, {
    write: (path) => writeMatcher(path, matcher),
    onCard,
    without: COHORT,
  });
  await rm(join(folder, COHORT), { force: true });
}

/**
 * Puts a calibration by a cohort into the folder of a model or a system, and `matching` onto its card; matcher and nets
 * stay as they are.
 */
export const replaceCohort = (
  folder: string,
  calibration: CohortCalibration,
  matching: ModelCard["matching"],
): Promise<void> =>
  replaceFile(folder, COHORT, { write: (path) => writeCohort(path, calibration), onCard: { matching } });

interface Replacement {
  write(path: string): Promise<void>;
  readonly onCard: OnCard;
  /** A file that the card is not to list any more. */
  readonly without?: string;
}

async function replaceFile(
  folder: string,
  file: string,
  { write, onCard, without }: Replacement,
): Promise<void> {
  const ofSystem = isSystem(folder);
  const { files } = await (ofSystem ? readSystemCard(folder) : readCard(folder)); // refuses what is neither
  const name = ofSystem ? SYSTEM_CARD : CARD;
  const card = (await readCardJson(folder, name, ofSystem ? "system" : "model")) as Record<string, unknown>;
  const path = join(folder, file);
  const next = nextOf(path);
  await finishEarlier(path, files[file]);
  try {
    await write(next);
    const listed = { ...files, [file]: sha256(await readFile(next)) };
    if (without !== undefined) delete listed[without];
    const text = JSON.stringify({ ...card, ...onCard, files: listed }, null, 2);
    await writeFileAtomic(join(folder, name), `${text}\n`);
  } catch (error) {
    await rm(next, { force: true }); // the card still speaks of the old one
    throw error;
  }
  await rename(next, path);
}

/** Puts a file in its place that a program was killed before it could: the one that the card speaks of. */
async function finishEarlier(path: string, hash: string | undefined): Promise<void> {
  const next = await readFile(nextOf(path)).catch(() => undefined);
  if (next && sha256(next) === hash) await rename(nextOf(path), path);
}
