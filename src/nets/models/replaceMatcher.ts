/** A new matcher or cohort for a folder that is there, a model's or a system's; the card comes last. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { hashFiles, readCardJson, writeFileAtomic } from "../../base/files/index.ts";
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
  const before = await readFile(path).catch(() => undefined);
  await write(path);
  try {
    const listed = [...new Set([...Object.keys(files), file])].filter((one) => one !== without);
    const full = { ...card, ...onCard, files: await hashFiles(folder, listed) };
    await writeFileAtomic(join(folder, name), `${JSON.stringify(full, null, 2)}\n`);
  } catch (error) {
    if (before) await writeFileAtomic(path, before); // the card still speaks of the old one
    throw error;
  }
}
