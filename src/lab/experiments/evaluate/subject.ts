/** What is evaluated: features in a file or of pictures, by a model, a system of several, or a matcher alone. */
import { basename } from "node:path";
import { InputError } from "../../../base/errors/index.ts";
import type { Progress } from "../../../base/progress/index.ts";
import { type FaceSource, openLfw, openPeople, readPeople } from "../../../faces/data/index.ts";
import type { FaceReader } from "../../../faces/face/index.ts";
import type { FeatureSet } from "../../../matching/features/index.ts";
import { readFeatures, readMatcher } from "../../../matching/files/index.ts";
import type { StoredMatcher } from "../../../matching/match/index.ts";
import { assertNoOverlap } from "../../../matching/protocols/index.ts";
import type { SessionOptions } from "../../../math/session/index.ts";
import { openSystem } from "../../../nets/models/index.ts";
import { type FaceSystem, systemFeatures } from "../../../nets/net/index.ts";
import { type MeasuredModel, measuredModel, modelOfFeatures } from "../../results/index.ts";

export interface SubjectChoice extends SessionOptions {
  /** Folder of a model or of a system of several. */
  readonly model?: string;
  /** File of a matcher, in place of the model's. */
  readonly matcher?: string;
  /** Pictures as `Name/Name_0001.jpg`: folder, zip, tar or tgz. Either these or `features`. */
  readonly images?: string;
  readonly landmarks?: string;
  /** The pictures show aligned faces. */
  readonly aligned?: boolean;
  /** File of features. */
  readonly features?: string;
  /** Names of the features' rows, for files that hold none. */
  readonly names?: string;
  /** Names of people it has learned from, one a line; none may be tested on. */
  readonly trainedOn?: string;
}

/** What is evaluated, open. */
export interface Subject extends AsyncDisposable, Partial<StoredMatcher> {
  readonly system?: FaceSystem;
  /** For results: name and hashes; undefined where features come from a file and no model is given. */
  readonly model?: object;
  /** For results: the file or archive that faces come from; no folder of this machine. */
  readonly faces: string;
}

/** Refuses choices that do not go together; `what` names the evaluation in errors. */
export function checkSubject(what: string, { model, images, features }: SubjectChoice): void {
  if ((images === undefined) === (features === undefined)) {
    throw new InputError(`${what}: give either --images or --features`);
  }
  if (images !== undefined && model === undefined) {
    throw new InputError(`${what}: --images needs --model, which turns them into features`);
  }
}

/** Opens the model and the matcher of `choice`. */
export async function openSubject(choice: SubjectChoice): Promise<Subject> {
  const { model, matcher, images, features } = choice;
  const system = model === undefined ? undefined : await openSystem(model, choice);
  try {
    const given = matcher === undefined ? undefined : await readMatcher(matcher);
    return {
      system,
      ...(given ?? system?.matcher),
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
function describeSystem({ name, parts, hashes }: FaceSystem): object {
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

/** Aligns the faces of a source, for as long as they are needed. */
export type Aligner = (source: FaceSource) => Promise<AsyncDisposable & { readonly faces: FaceReader }>;

/** Features that are evaluated, and the model that they are of, as far as that is known. */
export interface SubjectFeatures {
  readonly set: FeatureSet;
  readonly measured?: MeasuredModel;
}

/** The features of `choice`: read from a file, or computed from pictures that `align` aligns. */
export async function featuresOf(
  { system }: Subject,
  choice: SubjectChoice,
  { only, check, open = () => openPictures(choice, only), align }: FeatureWants & { readonly align: Aligner },
  progress: () => Progress,
): Promise<SubjectFeatures> {
  const measured = system && measuredModel(system);
  if (choice.features !== undefined) {
    const { set, provenance } = await readFeatures(choice.features, choice);
    check?.(set.names);
    await refuseLeak(set.identities, choice);
    return { set, measured: measured ?? modelOfFeatures(provenance) };
  }
  const source = await open();
  check?.(source.pictures.map(({ name }) => name));
  await refuseLeak(
    source.pictures.map(({ identity }) => identity),
    choice,
  );
  await using aligned = await align(source);
  return { set: await systemFeatures(system!, aligned.faces, { ...progress(), rest: true }), measured };
}

function openPictures(
  { images = "", landmarks, aligned }: SubjectChoice,
  only?: ReadonlySet<string>,
): Promise<FaceSource> {
  const wanted = { images, landmarks, only };
  return aligned ? openPeople({ ...wanted, aligned }) : openLfw(wanted);
}

/** Refuses to score people whom the subject has learned from. */
async function refuseLeak(tested: readonly string[], { trainedOn }: SubjectChoice): Promise<void> {
  if (trainedOn !== undefined) assertNoOverlap(await readPeople(trainedOn), tested);
}
