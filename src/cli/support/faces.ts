/** Where faces come from: the data options of the commands, and the aligned faces that they name. */

import { homedir } from "node:os";
import { basename, isAbsolute, join } from "node:path";
import { type Command, Option } from "commander";
import { InputError } from "../../base/errors/index.ts";
import { writingTo } from "../../base/files/index.ts";
import { stageOf } from "../../base/progress/index.ts";
import {
  type AlignedFaces,
  type FaceFinder,
  type FaceSource,
  openAlignedFaces,
  openCelebA,
  openLfw,
  openPeople,
  SYNTHETIC_DEFAULTS,
  syntheticFaces,
} from "../../faces/data/index.ts";
import type { AttributeTable } from "../../matching/features/index.ts";
import { openFinder } from "../../people/recognizer/index.ts";
import type { Io } from "./io.ts";
import { existing, wholeNumber } from "./options.ts";
import type { Output } from "./output.ts";

const KINDS = ["people", "lfw", "celeba", "synthetic"] as const;

export interface DataOptions {
  readonly data: (typeof KINDS)[number];
  readonly images?: string;
  readonly identities?: string;
  readonly landmarks?: string;
  readonly detector?: string;
  readonly aligned?: boolean;
  readonly cache?: string;
  /** Of synthetic people. */
  readonly people?: number;
  readonly pictures?: number;
  readonly populationSeed?: number;
}

export function addDataOptions(command: Command): Command {
  return command
    .optionsGroup("Faces:")
    .addOption(
      new Option("--data <kind>", "people: person/photo.jpg; synthetic: drawn on the spot")
        .choices(KINDS)
        .default("people"),
    )
    .option("--images <path>", "folder, zip, tar or tgz of pictures", existing)
    .option("--identities <file>", "celeba: identity_CelebA.txt", existing)
    .option(
      "--landmarks <file>",
      "people, lfw: a line for each picture: name, x y of five points (default: faces are found)",
      existing,
    )
    .option("--detector <file>", "people, lfw: a YuNet ONNX file in place of the default detector", existing)
    .option("--aligned", "people: the pictures show aligned faces; fit them to the template")
    .option("--cache <folder>", "where aligned faces are kept (default: ~/.cache/deepid2plus)")
    .option("--people <n>", "synthetic: people", wholeNumber(1), SYNTHETIC_DEFAULTS.people)
    .option("--pictures <n>", "synthetic: pictures of each", wholeNumber(1), SYNTHETIC_DEFAULTS.pictures)
    .option("--population-seed <n>", "synthetic: which people", wholeNumber(0), SYNTHETIC_DEFAULTS.seed);
}

/** Aligned faces for as long as a command needs them. */
export interface OpenFaces extends AsyncDisposable {
  readonly faces: AlignedFaces;
  /** Of synthetic people, who bring them. */
  readonly attributes?: AttributeTable;
  /** Where they come from, for model cards and feature files; names no folder of this machine. */
  readonly description: string;
}

/** Opens the faces that `options` name; aligns them first where the cache does not hold them. */
export async function openFaces(options: DataOptions, io: Io, output: Output): Promise<OpenFaces> {
  if (options.data === "synthetic") return openSynthetic(options, output);
  return withSource(options, (source) => openAligned(source, options, io, output));
}

/** Works with the pictures that `options` name, and whatever finds their faces. */
export async function withSource<T>(
  options: DataOptions,
  work: (source: FaceSource) => Promise<T>,
): Promise<T> {
  const finder = await openFinder(options.detector);
  try {
    return await work(await openSource(options, finder));
  } finally {
    await finder?.release();
  }
}

/** The same for a source that is open. */
export async function openAligned(
  source: FaceSource,
  { cache }: Pick<DataOptions, "cache">,
  io: Io,
  output: Output,
): Promise<OpenFaces> {
  const cacheFolder = cache ?? defaultCache(io);
  const faces = await writingTo(cacheFolder, () =>
    openAlignedFaces(source, {
      cacheFolder,
      ...stageOf(output, "aligning"),
    }),
  );
  for (const { reason } of faces.passedOver) output.passedOver(`${source.path}: ${reason}`);
  return {
    faces,
    description: `${source.kind}: ${basename(source.path)}`,
    [Symbol.asyncDispose]: () => faces.close(),
  };
}

async function openSynthetic(
  {
    people = SYNTHETIC_DEFAULTS.people,
    pictures = SYNTHETIC_DEFAULTS.pictures,
    populationSeed: seed = SYNTHETIC_DEFAULTS.seed,
  }: DataOptions,
  output: Output,
): Promise<OpenFaces> {
  const { faces, attributes } = await syntheticFaces(
    { people, pictures, seed },
    stageOf(output, "drawing faces"),
  );
  const description = `synthetic: ${people} people, ${pictures} pictures each, seed ${seed}`;
  return { faces, attributes, description, [Symbol.asyncDispose]: async () => {} };
}

function openSource(
  { data, images, identities, landmarks, aligned }: DataOptions,
  finder: FaceFinder | undefined,
): Promise<FaceSource> {
  if (!images) throw new InputError(`--data ${data} needs --images (or choose --data synthetic)`);
  if (data === "celeba") {
    if (!identities) throw new InputError("--data celeba needs --identities identity_CelebA.txt");
    return openCelebA({ images, identities });
  }
  if (data === "lfw") return openLfw({ images, landmarks, finder });
  return openPeople({ images, landmarks, aligned, finder });
}

/** Where features are kept from one command to the next. */
export const featureCacheOf = ({ cache }: Pick<DataOptions, "cache">, io: Io): string =>
  join(cache ?? defaultCache(io), "features");

/** $XDG_CACHE_HOME or ~/.cache, as desktops agree on it. */
function defaultCache({ env }: Io): string {
  const base = env.XDG_CACHE_HOME;
  return join(base && isAbsolute(base) ? base : join(homedir(), ".cache"), "deepid2plus");
}
