/** `deepid map`: the faces of a set as points of a plane, on a page. */
import { basename, dirname } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { InputError } from "../../base/errors/index.ts";
import { checkWritable, writeFileAtomic, writingTo } from "../../base/files/index.ts";
import { count, paragraph } from "../../base/text/index.ts";
import { mapFigure, mapPage, nearestOthers } from "../../lab/report/index.ts";
import { createFeatureSet, type FeatureSet } from "../../matching/features/index.ts";
import { readFeatures } from "../../matching/files/index.ts";
import { type FaceMap, MAP_DEFAULTS, MAP_WAYS, type MapWay, mapFaces } from "../../matching/map/index.ts";
import { createMultiply } from "../../math/engine/index.ts";
import type { FaceOnPhoto } from "../../people/recognizer/index.ts";
import type { Io } from "../support/io.ts";
import {
  addEngineOptions,
  addExamples,
  addModelOption,
  existing,
  setAction,
  wholeNumber,
} from "../support/options.ts";
import type { Output } from "../support/output.ts";
import { addDetectorOption, type RecognizerChoice, withRecognizer } from "../support/photos.ts";
import { galleryAt } from "../support/place.ts";

interface MapCommandOptions extends RecognizerChoice {
  readonly features?: string;
  readonly store?: string;
  readonly by: MapWay;
  readonly most: number;
  readonly seed: number;
  readonly out?: string;
}

export function addMap(program: Command, io: Io): void {
  const command = program
    .command("map")
    .summary("draw the faces of a set as a map")
    .description(paragraph`
      Draws the faces on photos, of a file of features or of a gallery as points of a plane, near to each other where the
      net sees them so. Of more faces than --most whole people are drawn at random, and it is said. The page is for your own
      eyes: of photos it shows the faces.
    `)
    .argument(
      "[photos...]",
      "pictures, folders or archives of them; those of one folder count as one person",
      existing,
    )
    .option("--features <file>", "in their place: features from `deepid extract`, or of any system", existing)
    .option("--store <place>", "in their place: a gallery, an SQLite file or postgres://user@host/database")
    .addOption(
      new Option("--by <way>", "umap: same neighbours lie together; pca: the plane of most variance")
        .choices(MAP_WAYS)
        .default(MAP_DEFAULTS.by),
    )
    .option("--most <n>", "faces drawn, at most 5000", wholeNumber(4, 5_000), MAP_DEFAULTS.most)
    .option("--seed <n>", "of the map and of the sample", wholeNumber(0), MAP_DEFAULTS.seed)
    .option("--out <file>", "write a page (.html) or the figure alone (.svg)", pageOrFigure);
  addEngineOptions(addDetectorOption(addModelOption(command)));
  addExamples(
    command,
    "deepid map holiday/ --out map.html",
    "deepid map --features lfw.safetensors --by pca --out map.svg",
    "deepid map --store deepid-data/gallery.sqlite --out map.html",
  );
  setAction<MapCommandOptions>(command, io, async (args, options, output) => {
    const { out, by, most, seed } = options;
    if (out !== undefined) checkWritable(out, "file");
    const { set, pictures, source, of = set.rows } = await facesFor(args.flat(), options, { io, output });
    await using engine = createMultiply(options);
    const how = { by, most, seed, multiply: engine.multiply, ...stagesOf(output) };
    const map = { ...(await mapFaces(set, how)), of };
    if (out !== undefined) {
      const drawn = map.names.map((name) => pictures?.get(name));
      const text = out.endsWith(".svg")
        ? mapFigure(map, { pictures: drawn })
        : mapPage(map, { source, pictures: drawn });
      await writingTo(out, () => writeFileAtomic(out, text));
    }
    output.result(dataOf(map, source), textOf(map, source, out));
  });
}

const stagesOf = ({ stage, signal, note }: Output) => ({ stage, signal, note });

function pageOrFigure(path: string): string {
  if (/\.(?:html|svg)$/.test(path)) return path;
  throw new InvalidArgumentError("A name that ends in .html or .svg is needed.");
}

interface Faces {
  readonly set: FeatureSet;
  /** What they are of, in words. */
  readonly source: string;
  /** Faces that there were before some were drawn at random. */
  readonly of?: number;
  /** Data URIs by the faces' names. */
  readonly pictures?: ReadonlyMap<string, string>;
}

/** Faces drawn as pictures; of more the page would be of megabytes. */
const MOST_PICTURES = 500;

async function facesFor(
  photos: readonly string[],
  options: MapCommandOptions,
  at: { readonly io: Io; readonly output: Output },
): Promise<Faces> {
  const { features, store } = options;
  const given = [photos.length > 0, features !== undefined, store !== undefined].filter(Boolean);
  if (given.length !== 1) {
    throw new InputError("map: needs either photos, --features or --store, and one of them alone");
  }
  if (features !== undefined) return { set: (await readFeatures(features)).set, source: basename(features) };
  return store === undefined ? ofPhotos(photos, options, at) : ofGallery(store, options, at);
}

async function ofPhotos(
  photos: readonly string[],
  options: MapCommandOptions,
  { output }: { readonly output: Output },
): Promise<Faces> {
  const how = { ...stagesOf(output), crops: options.out !== undefined };
  const { faces, passedOver } = await withRecognizer(options, (recognizer) =>
    recognizer.facesOn(photos, how),
  );
  for (const { reason } of passedOver) output.passedOver(reason);
  if (faces.length === 0) throw new InputError(`map: no face was found on ${photos.join(", ")}`);
  const names = faces.map(nameOf);
  const folders = faces.map(({ name }) => dirname(name));
  const several = new Set(folders).size > 1;
  const identities = several ? folders.map((folder) => basename(folder)) : names;
  const crops = faces.flatMap(({ crop }, k) =>
    crop === undefined ? [] : [[names[k], `data:image/jpeg;base64,${crop}`] as const],
  );
  return {
    set: rowsOf(faces, { names, identities }),
    source: photos.map((path) => basename(path)).join(", "),
    ...(crops.length > 0 && crops.length <= MOST_PICTURES && { pictures: new Map(crops) }),
  };
}

const nameOf = ({ name, face }: FaceOnPhoto) => (face === 0 ? name : `${name}, face ${face + 1}`);

async function ofGallery(
  store: string,
  options: MapCommandOptions,
  at: { readonly io: Io; readonly output: Output },
): Promise<Faces> {
  const open = galleryAt({ store }, at);
  const most = options.most;
  const { faces, of } = await withRecognizer(
    { ...options, detector: undefined },
    (recognizer) => recognizer.gallery!.sample({ most, seed: options.seed }),
    open,
  );
  if (faces.length === 0) throw new InputError(`${store}: a map needs at least 4 faces, got none`);
  return {
    set: rowsOf(
      faces.map(({ values }) => ({ features: values })),
      {
        names: faces.map(({ id }) => `face ${id}`),
        identities: faces.map(({ person }) => person.name),
      },
    ),
    source: `the gallery ${basename(store)}`,
    of,
  };
}

function rowsOf(
  faces: readonly { readonly features: Float32Array }[],
  named: Pick<FeatureSet, "names" | "identities">,
): FeatureSet {
  const dimension = faces[0].features.length;
  const values = new Float32Array(faces.length * dimension);
  for (const [row, { features }] of faces.entries()) values.set(features, row * dimension);
  return createFeatureSet(values, dimension, named);
}

const dataOf = ({ points, names, identities, neighbours, ...map }: FaceMap, source: string) => ({
  source,
  ...map,
  faces: names.map((name, row) => ({
    name,
    person: identities[row],
    x: points[2 * row],
    y: points[2 * row + 1],
    nearest: neighbours[row].map((other) => names[other]),
  })),
});

function textOf(map: FaceMap, source: string, out: string | undefined): string {
  const { names, identities, of, by, trust } = map;
  const near = nearestOthers(map);
  const sampled = of > names.length ? ` of ${count(of)}, by whole people at random` : "";
  return [
    `${source}: ${count(names.length)} faces${sampled}, of ${count(new Set(identities).size)} people, by ${by}`,
    `trustworthiness of ${trust.neighbours} neighbours ${trust.value.toFixed(3)} (1: all are right, about 0.5: by chance)`,
    ...(near ? [`${count(near.rows.length)} faces whose nearest is called differently`] : []),
    out === undefined ? "to look at it: --out map.html" : `the map: ${out}`,
  ].join("\n");
}
