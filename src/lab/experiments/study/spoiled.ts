/** Robustness of any system, by the features it gives for clean and for corrupted pictures. */
import { basename } from "node:path";
import { InputError } from "../../../base/errors/index.ts";
import { readPairs, rowsOfPairs } from "../../../faces/data/index.ts";
import type { FeatureSet } from "../../../matching/features/index.ts";
import { readFeatures, readMatcher } from "../../../matching/files/index.ts";
import { cosine, jointBayesian } from "../../../matching/match/index.ts";
import { foldsOf } from "../../../matching/protocols/index.ts";
import { cleanReference, measureRobustness, type RobustLevel } from "../../studies/index.ts";
import { matchRows } from "./features.ts";
import type { StudyPart, StudySource } from "./page.ts";
import { mostPictured } from "./pairs.ts";
import { robustnessPart } from "./robustness.ts";

/** Features of the pictures spoiled in one way: "partial:40=file". */
export interface SpoiledFile {
  readonly corruption: string;
  readonly level: number;
  readonly path: string;
}

/** "partial:40=forty.csv" as one. */
export function parseSpoiled(text: string): SpoiledFile {
  const [, corruption, level, path] = /^([^:=]+):([^=]+)=(.+)$/.exec(text) ?? [];
  if (path !== undefined && Number(level) > 0) return { corruption, level: Number(level), path };
  throw new InputError("A name, a level above 0 and a file are needed, like partial:40=forty.csv.");
}

export interface SpoiledFeatures {
  readonly features: readonly SpoiledFile[];
  /** In the format of LFW's pairs.txt. */
  readonly pairs: string;
  /** Learned on clean pictures (default: cosine). */
  readonly matcher?: string;
  /** Whose mean activations are drawn (default: who has most pictures). */
  readonly drawPerson?: string;
}

/** Robustness of any system, by its features of the clean pictures in the file `path` and of the spoiled ones. */
export async function spoiledStudy(
  path: string,
  options: SpoiledFeatures,
): Promise<{ part: StudyPart; source: StudySource }> {
  const { set: clean } = await readFeatures(path);
  const person = options.drawPerson ?? mostPictured(clean.identities);
  const levels = await measureSpoiled(clean, person, options);
  const names = [...new Set(options.features.map(({ corruption }) => corruption))];
  const part = robustnessPart(levels, {
    corruptions: names.map((name) => ({ name, label: `${name} (level as the files say)` })),
    person,
    pictures: clean.rows,
  });
  const people = new Set(clean.identities).size;
  return { part, source: { features: basename(path), pictures: clean.rows, people } };
}

/** Levels of robustness by the features of clean pictures and of corrupted ones; rows are found by name. */
export async function measureSpoiled(
  clean: FeatureSet,
  person: string,
  { features, pairs, matcher }: SpoiledFeatures,
): Promise<RobustLevel[]> {
  const { folds } = foldsOf(rowsOfPairs(await readPairs(pairs), clean.names));
  const metric = matcher === undefined ? cosine : jointBayesian((await readMatcher(matcher)).matcher);
  const system = { name: "features", metric, role: "judged" } as const;
  const how = { folds, clean: cleanReference(clean, person), person };
  const unspoiled = [measureRobustness(system, clean, how)];
  const levels: RobustLevel[] = [];
  for (const { corruption, level, path } of features) {
    if (levels.every((of) => of.corruption !== corruption)) {
      levels.push({ corruption, level: 0, measurements: unspoiled });
    }
    const set = sameRows((await readFeatures(path)).set, clean, path);
    levels.push({ corruption, level, measurements: [measureRobustness(system, set, how)] });
  }
  return levels;
}

/** Spoiled features in the order of the clean ones. */
function sameRows(set: FeatureSet, clean: FeatureSet, path: string): FeatureSet {
  if (set.dimension !== clean.dimension) {
    throw new InputError(
      `${path}: needs ${clean.dimension} numbers a picture like the clean ones, got ${set.dimension}`,
    );
  }
  return matchRows(set, clean, path);
}
