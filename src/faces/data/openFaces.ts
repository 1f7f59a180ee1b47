/** Faces by the kind of set they come from: pictures of people, LFW, CelebA, or people who are drawn. */
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { InputError } from "../../base/errors/index.ts";
import { writingTo } from "../../base/files/index.ts";
import { type StagedProgress, stageOf } from "../../base/progress/index.ts";
import type { AttributeTable } from "../../matching/features/index.ts";
import type { AlignedFaces } from "./alignedFaces.ts";
import { openAlignedFaces } from "./cache.ts";
import { openCelebA } from "./celebA.ts";
import { joinFaces } from "./joinFaces.ts";
import { openLfw } from "./lfw.ts";
import { type FaceFinder, openPeople } from "./people.ts";
import type { FaceSource, PassedOver } from "./source.ts";
import { SYNTHETIC_DEFAULTS, syntheticFaces } from "./synthetic/syntheticFaces.ts";

export const SET_KINDS = ["people", "lfw", "celeba", "synthetic"] as const;

export interface SetChoice {
  readonly data: (typeof SET_KINDS)[number];
  /** A folder or an archive; needed but for synthetic people. */
  readonly images?: string;
  /** Of CelebA: identity_CelebA.txt. */
  readonly identities?: string;
  /** In CelebA's layout, and nobody knows who is who: each picture is a person of its own. */
  readonly unnamed?: boolean;
  /** Further sets in CelebA's layout, read as one with it: `images=identities`, or `images`, which are then unnamed. */
  readonly with?: readonly string[];
  readonly landmarks?: string;
  /** The pictures show aligned faces. */
  readonly aligned?: boolean;
  /** Of synthetic people. */
  readonly people?: number;
  readonly pictures?: number;
  readonly populationSeed?: number;
}

/** Aligned faces for as long as they are needed. */
export interface OpenFaces extends AsyncDisposable {
  readonly faces: AlignedFaces;
  /** Of synthetic people, who bring them. */
  readonly attributes?: AttributeTable;
  /** Where they come from, for model cards and feature files; names no folder of this machine. */
  readonly description: string;
}

/** The pictures that `choice` names. InputError where it names none. */
export function openSource(
  { data, images, identities, unnamed, landmarks, aligned }: SetChoice,
  finder?: FaceFinder,
): Promise<FaceSource> {
  if (!images) throw new InputError(`--data ${data} needs --images (or choose --data synthetic)`);
  if (data === "celeba") {
    if (!identities && !unnamed) throw new InputError("--data celeba needs --identities identity_CelebA.txt");
    return openCelebA({ images, identities });
  }
  if (data === "lfw") return openLfw({ images, landmarks, finder });
  return openPeople({ images, landmarks, aligned, finder });
}

export interface AligningOptions {
  readonly cacheFolder: string;
  /** Told of each picture that cannot be used, and why. */
  readonly onPassedOver: (one: PassedOver) => void;
}

/** The faces of `source`, which are aligned first where the cache does not hold them. */
export async function openAligned(
  source: FaceSource,
  { cacheFolder, onPassedOver }: AligningOptions,
  progress: StagedProgress = {},
): Promise<OpenFaces> {
  const faces = await writingTo(cacheFolder, () =>
    openAlignedFaces(source, { cacheFolder, ...stageOf(progress, "aligning") }),
  );
  for (const one of faces.passedOver) onPassedOver(one);
  return {
    faces,
    description: `${source.kind}: ${basename(source.path)}`,
    [Symbol.asyncDispose]: () => faces.close(),
  };
}

/**
 * The set of `choice`, opened by `open`, and those of its `with`, read as one (see `joinFaces`). All are closed together, or
 * where one fails. InputError where they are not in CelebA's layout, or are not there.
 */
export async function openSets(
  choice: SetChoice,
  open: (choice: SetChoice) => Promise<OpenFaces>,
): Promise<OpenFaces> {
  const { data, with: others = [] } = choice;
  if (others.length > 0 && data !== "celeba") {
    throw new InputError(`--with: needs --data celeba, got ${data}`);
  }
  const choices = [choice, ...others.map(furtherSet)];
  const sets: OpenFaces[] = [];
  const close = async () => {
    for (const set of sets) await set[Symbol.asyncDispose]();
  };
  try {
    for (const choice of choices) sets.push(await open(choice));
    const [first, ...others] = sets;
    if (others.length === 0) return first;
    return {
      faces: joinFaces([first.faces, ...others.map((set) => set.faces)]),
      description: sets.map(({ description }) => description).join("; "),
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** `images=identities`, or `images` alone. */
function furtherSet(text: string): SetChoice {
  const cut = text.lastIndexOf("=");
  const [images, identities] =
    cut === -1 || existsSync(text) ? [text] : [text.slice(0, cut), text.slice(cut + 1)];
  const missing = [images, identities].find((path) => path !== undefined && !existsSync(path));
  if (missing !== undefined) throw new InputError(`--with ${text}: ${missing} does not exist`);
  return { data: "celeba", images, identities, unnamed: identities === undefined };
}

/** Draws the synthetic people of `choice`. */
export async function openSynthetic(
  { people, pictures, populationSeed }: SetChoice,
  progress: StagedProgress = {},
): Promise<OpenFaces> {
  const asked = {
    people: people ?? SYNTHETIC_DEFAULTS.people,
    pictures: pictures ?? SYNTHETIC_DEFAULTS.pictures,
    seed: populationSeed ?? SYNTHETIC_DEFAULTS.seed,
  };
  const drawn = await syntheticFaces(asked, stageOf(progress, "drawing faces"));
  const description = `synthetic: ${asked.people} people, ${asked.pictures} pictures each, seed ${asked.seed}`;
  return { ...drawn, description, [Symbol.asyncDispose]: async () => {} };
}
