/** `deepid align`: which faces are in a photo, and the aligned crops. */

import { mkdir } from "node:fs/promises";
import { basename, dirname, join, parse, resolve } from "node:path";
import type { Command } from "commander";
import { DataError, InputError } from "../../base/errors/index.ts";
import {
  checkWritable,
  FILE_LIMITS,
  readForeign,
  writeFileAtomic,
  writingTo,
} from "../../base/files/index.ts";
import { count } from "../../base/text/index.ts";
import { foundPicture } from "../../faces/detectors/index.ts";
import { alignFace } from "../../faces/face/index.ts";
import type { Image } from "../../faces/image/index.ts";
import type { FaceLocator } from "../../faces/locate/index.ts";
import { decodeImage, encodePng } from "../../faces/pictureFiles/index.ts";
import type { Located } from "../../people/answers/index.ts";
import { locateFaces, openLocator } from "../../people/recognizer/index.ts";
import type { Io } from "../support/io.ts";
import { addExamples, existing, setAction } from "../support/options.ts";
import type { OutputOptions } from "../support/output.ts";
import { addDetectorOption } from "../support/photos.ts";

interface AlignOptions extends OutputOptions {
  readonly out: string;
  readonly people?: boolean;
  readonly detector?: string;
}

type Face = Located["faces"][number];

export function addAlign(program: Command, io: Io): void {
  const command = program
    .command("align")
    .summary("find the faces of photos and cut them out, aligned")
    .description(
      "Finds the faces of photos. For each photo it writes a picture of what was found (boxes, points, crops) and every " +
        "face as an aligned crop of 88 x 104 pixels. With --people it makes a folder of people for `deepid train`, " +
        "`extract` and `evaluate`: the largest face of person/photo.jpg becomes person/photo.png.",
    )
    .argument("<photos...>", "pictures")
    .requiredOption("--out <folder>", "where crops and pictures go")
    .option("--people", "one crop a photo, in a folder named as the photo's own");
  addDetectorOption(command.optionsGroup("Faces:"));
  addExamples(
    command,
    "deepid align photo.jpg --out found",
    "deepid align party.jpg --out found --detector yunet.onnx --json",
    "deepid align people/*/*.jpg --people --out aligned",
  );
  setAction<AlignOptions>(command, io, async (given, options, output) => {
    const photos = (given as unknown as readonly string[][])[0].map(existingPhoto);
    const { out, people = false } = options;
    checkWritable(out, "folder");
    const places = placesFor(photos, out, people);
    const locator = await openLocator(options.detector);
    if (!locator) throw new InputError("align: the default detector is not installed; give --detector");
    try {
      const results: object[] = [];
      const lines: string[] = [];
      const update = output.stage("aligning");
      for (const [i, path] of photos.entries()) {
        io.interrupt.throwIfAborted();
        try {
          const { files, faces } = await alignOne(locator, { path, place: places[i], people }, io.interrupt);
          results.push({ photo: path, faces, files });
          lines.push(`${path}: ${describe(faces)}${files.length > 0 ? ` -> ${files.join(", ")}` : ""}`);
        } catch (error) {
          if (!(error instanceof DataError) || photos.length === 1) throw error;
          results.push({ photo: path, error: error.message });
          output.passedOver(error.message);
        }
        update(i + 1, photos.length);
      }
      output.result(results, lines.join("\n"));
    } finally {
      await locator.release();
    }
  });
}

function existingPhoto(path: string): string {
  try {
    return existing(path);
  } catch {
    throw new InputError(`${path}: no such file`);
  }
}

/** Where the results of each photo go, without an ending; no two in one place. */
function placesFor(photos: readonly string[], out: string, people: boolean): string[] {
  const taken = new Map<string, string>();
  return photos.map((path) => {
    const { dir, name } = parse(resolve(path));
    const place = people ? join(out, basename(dir), name) : join(out, name);
    const other = taken.get(place);
    if (other !== undefined)
      throw new InputError(`align: ${other} and ${path} would both become ${place}.png`);
    taken.set(place, path);
    return place;
  });
}

interface Task {
  readonly path: string;
  readonly place: string;
  readonly people: boolean;
}

async function alignOne(locator: FaceLocator, { path, place, people }: Task, signal: AbortSignal) {
  const bytes = await readForeign(path, FILE_LIMITS.picture);
  const { faces } = await locateFaces(locator, { photo: bytes, name: path }, { signal });
  const photo = await decodeImage(bytes, path);
  const crops = faces.map(({ landmarks }) => alignFace(photo, landmarks));
  const written = new Map<string, Uint8Array>();
  if (people) {
    if (crops[0]) written.set(`${place}.png`, await encodePng(crops[0]));
  } else {
    for (const [i, crop] of crops.entries()) {
      written.set(`${place}${crops.length > 1 ? `-${i}` : ""}.png`, await encodePng(crop));
    }
    written.set(`${place}.found.png`, await picture(photo, faces, crops));
  }
  for (const [file, content] of written) {
    if (resolve(file) === resolve(path))
      throw new DataError(`${path}: would be overwritten; choose another --out`);
    await writingTo(file, async () => {
      await mkdir(dirname(file), { recursive: true });
      await writeFileAtomic(file, content);
    });
  }
  return { faces, files: [...written.keys()] };
}

const picture = (photo: Image, faces: readonly Face[], crops: readonly Image[]) =>
  foundPicture(
    photo,
    faces.map(({ box, landmarks, unfit }, i) => ({ box, landmarks, unfit, crop: crops[i] })),
  );

function describe(faces: readonly Face[]): string {
  if (faces.length === 0) return "no face";
  const unfit = faces.filter((face) => face.unfit !== null);
  const found = faces.length === 1 ? "one face" : `${count(faces.length)} faces, the largest first`;
  return unfit.length === 0
    ? found
    : `${found}; ${unfit.map((face) => `${faces.indexOf(face)}: ${face.unfit?.replaceAll("-", " ")}`).join(", ")}`;
}
