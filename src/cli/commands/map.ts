/** `deepid map`: the faces of a set as points of a plane, on a page. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { InputError } from "../../base/errors/index.ts";
import { checkWritable } from "../../base/files/index.ts";
import { paragraph } from "../../base/text/index.ts";
import {
  type FacesToMap,
  facesOfFile,
  facesOfGallery,
  facesOfPhotos,
  mapData,
  mapText,
  writeMap,
} from "../../lab/experiments/index.ts";
import { MAP_DEFAULTS, MAP_WAYS, type MapWay, mapFaces } from "../../matching/map/index.ts";
import { createMultiply } from "../../math/engine/index.ts";
import { addExamples, setAction } from "../support/command.ts";
import type { Io } from "../support/io.ts";
import { addEngineOptions, addModelOption, existing, wholeNumber } from "../support/options.ts";
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
    const faces = await facesFor(args.flat(), options, { io, output });
    await using engine = createMultiply(options);
    const { stage, signal, note } = output;
    const how = { by, most, seed, multiply: engine.multiply, stage, signal, note };
    const map = { ...(await mapFaces(faces.set, how)), of: faces.of ?? faces.set.rows };
    if (out !== undefined) await writeMap(out, map, faces);
    output.result(mapData(map, faces.source), mapText(map, faces.source, out));
  });
}

function pageOrFigure(path: string): string {
  if (/\.(?:html|svg)$/.test(path)) return path;
  throw new InvalidArgumentError("A name that ends in .html or .svg is needed.");
}

async function facesFor(
  photos: readonly string[],
  options: MapCommandOptions,
  { io, output }: { readonly io: Io; readonly output: Output },
): Promise<FacesToMap> {
  const { features, store, out } = options;
  if ([photos.length > 0, features !== undefined, store !== undefined].filter(Boolean).length !== 1) {
    throw new InputError("map: needs either photos, --features or --store, and one of them alone");
  }
  if (features !== undefined) return facesOfFile(features);
  if (store !== undefined) {
    const open = galleryAt({ store }, { io, output });
    return withRecognizer(
      { ...options, detector: undefined },
      (faces) => facesOfGallery(faces, store, options),
      open,
    );
  }
  const { stage, signal, note, passedOver: onPassedOver } = output;
  const how = { stage, signal, note, onPassedOver, crops: out !== undefined };
  return withRecognizer(options, (faces) => facesOfPhotos(faces, photos, how));
}
