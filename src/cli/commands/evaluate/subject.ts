/** What is evaluated: features in a file or of pictures, a model or a system of several, or a matcher alone. */
import { basename } from "node:path";
import type { Command } from "commander";
import { InputError } from "../../../base/errors/index.ts";
import { type FaceSource, openLfw, openPeople, readPeople } from "../../../faces/data/index.ts";
import type { FeatureSet } from "../../../matching/features/index.ts";
import { readFeatures, readMatcher } from "../../../matching/files/index.ts";
import type { Matcher } from "../../../matching/match/index.ts";
import { assertNoOverlap } from "../../../matching/protocols/index.ts";
import { openSystem } from "../../../nets/models/index.ts";
import { type FaceSystem, systemFeatures } from "../../../nets/net/index.ts";
import { openAligned } from "../../support/faces.ts";
import type { Io } from "../../support/io.ts";
import { type EngineOptions, existing, knownModel } from "../../support/options.ts";
import type { Output, OutputOptions } from "../../support/output.ts";

export interface SubjectOptions extends EngineOptions, OutputOptions {
  readonly model?: string;
  readonly matcher?: string;
  readonly images?: string;
  readonly landmarks?: string;
  readonly aligned?: boolean;
  readonly features?: string;
  readonly names?: string;
  readonly trainedOn?: string;
  readonly cache?: string;
}

export const addSubjectOptions = (command: Command): Command =>
  command
    .optionsGroup("What is scored:")
    .option("--images <path>", "pictures as Name/Name_0001.jpg: folder, zip, tar or tgz", existing)
    .option("--landmarks <file>", "a line for each picture: name, x y of five points", existing)
    .option("--aligned", "the pictures show aligned faces; fit them to the template")
    .option("--cache <folder>", "where aligned faces are kept (default: ~/.cache/deepid2plus)")
    .option(
      "--features <file>",
      "in place of pictures: features as .safetensors, .npy, .csv or .tsv",
      existing,
    )
    .option(
      "--names <file>",
      "names of the features' rows, for .npy and other programs' .safetensors",
      existing,
    )
    .option("--model <model>", "the model, or the system of several", knownModel)
    .option("--matcher <file>", "in place of the model's: a matcher from `deepid fit-matcher`", existing)
    .option("--trained-on <file>", "people it has learned from, one a line; none may be tested on", existing);

/** What is evaluated, open for as long as a command runs. */
export interface Subject extends AsyncDisposable {
  readonly system?: FaceSystem;
  readonly matcher?: Matcher;
  /** For results: name and hashes; undefined where features come from a file and no model is given. */
  readonly model?: object;
  /** For results: the file or archive that faces come from; no folder of this machine. */
  readonly faces: string;
}

/** Refuses options that do not go together; `what` is the command. */
export function checkSubject(what: string, { model, images, features }: SubjectOptions): void {
  if ((images === undefined) === (features === undefined)) {
    throw new InputError(`${what}: give either --images or --features`);
  }
  if (images !== undefined && model === undefined) {
    throw new InputError(`${what}: --images needs --model, which turns them into features`);
  }
}

/** Opens what `options` name. */
export async function openSubject(options: SubjectOptions): Promise<Subject> {
  const { model, matcher, images, features } = options;
  const system = model === undefined ? undefined : await openSystem(model, options);
  try {
    const given = matcher === undefined ? undefined : await readMatcher(matcher);
    return {
      system,
      matcher: (given ?? system?.matcher)?.matcher,
      model: system && { ...describeSystem(system), ...(matcher && { matcher: basename(matcher) }) },
      faces: basename(features ?? images!),
      [Symbol.asyncDispose]: async () => system?.release(),
    };
  } catch (error) {
    await system?.release();
    throw error;
  }
}

/** A system for results: which files it is, and what it compares. */
export function describeSystem({ name, parts, hashes }: FaceSystem): object {
  if (parts.length === 1) return { name, feature: parts[0].card.feature, files: hashes };
  return { name, nets: parts.map(({ card }) => card.name), files: hashes };
}

export interface FeatureWants {
  /** Pictures wanted, as far as they are there; all when left out. */
  readonly only?: ReadonlySet<string>;
  /** Told the names of all that there is, in order of rows, before work begins: it may refuse. */
  readonly check?: (names: readonly string[]) => void;
  /** Opens the pictures. Default: as LFW, or as people where they are aligned. */
  readonly open?: () => Promise<FaceSource>;
}

/** The features that `options` name: read from a file, or computed from the pictures. */
export async function featuresOf(
  { system }: Subject,
  options: SubjectOptions,
  { only, check, open = () => openSource(options, only) }: FeatureWants,
  { io, output }: { io: Io; output: Output },
): Promise<FeatureSet> {
  if (options.features !== undefined) {
    const { set } = await readFeatures(options.features, options);
    check?.(set.names);
    await refuseLeak(set.identities, options);
    return set;
  }
  const source = await open();
  check?.(source.pictures.map(({ name }) => name));
  await refuseLeak(
    source.pictures.map(({ identity }) => identity),
    options,
  );
  await using aligned = await openAligned(source, options, io, output);
  return await systemFeatures(system!, aligned.faces, {
    onProgress: output.stage("extracting"),
    signal: io.interrupt,
    rest: true,
  });
}

function openSource(
  { images = "", landmarks, aligned }: SubjectOptions,
  only?: ReadonlySet<string>,
): Promise<FaceSource> {
  const wanted = { images, landmarks, only };
  return aligned ? openPeople({ ...wanted, aligned }) : openLfw(wanted);
}

/** Refuses to score people whom the subject has learned from. */
async function refuseLeak(tested: readonly string[], { trainedOn }: SubjectOptions): Promise<void> {
  if (trainedOn !== undefined) assertNoOverlap(await readPeople(trainedOn), tested);
}
