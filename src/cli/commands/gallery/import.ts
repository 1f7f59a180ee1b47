/** `deepid gallery import`: a folder of people into a gallery. */
import type { Command } from "commander";
import { DataError } from "../../../base/errors/index.ts";
import { personName } from "../../../base/names/index.ts";
import { count } from "../../../base/text/index.ts";
import { type AlignedFaces, facesOfRows } from "../../../faces/data/index.ts";
import type { FaceReader } from "../../../faces/face/index.ts";
import { rowOf } from "../../../matching/features/index.ts";
import { openSystem } from "../../../nets/models/index.ts";
import { systemFeatures } from "../../../nets/net/index.ts";
import { importFaces } from "../../../people/gallery/index.ts";
import { galleryModelOf, unfitReason } from "../../../people/recognizer/index.ts";
import { addDataOptions, type DataOptions, openFaces } from "../../support/faces.ts";
import type { Io } from "../../support/io.ts";
import {
  addEngineOptions,
  addExamples,
  addModelOption,
  type EngineOptions,
  setAction,
} from "../../support/options.ts";
import type { Output, OutputOptions } from "../../support/output.ts";
import { addStoreOption, galleryAt, type StoreOptions } from "../../support/place.ts";

interface ImportOptions extends DataOptions, EngineOptions, OutputOptions, StoreOptions {
  readonly model: string;
  readonly codesOnly?: boolean;
}

export function addImport(gallery: Command, io: Io): void {
  const command = gallery
    .command("import")
    .summary("a folder of people")
    .description(
      "Registers every picture of a folder of people (person/photo.jpg) under its person. Pictures that are in the " +
        "gallery already are left as they are, so an interrupted import resumes, and repeating it adds nothing twice. Pictures " +
        "that cannot be read, or are too blurred to tell anything, are passed over and listed at the end (exit code 3).",
    )
    .option("--codes-only", "a new gallery of binary codes alone: no likelihood ratios");
  addEngineOptions(addDataOptions(addStoreOption(addModelOption(command))));
  addExamples(
    command,
    "deepid gallery import --model models/whole-face --images people/ --landmarks landmarks.txt",
    "deepid gallery import --model models/whole-face --data synthetic --people 20 --store demo.db",
  );
  setAction<ImportOptions>(command, io, async (_, options, output) => {
    const { codesOnly } = options;
    const system = await openSystem(options.model, options);
    try {
      const gallery = await galleryAt(
        options,
        { io, output },
        { create: true, codesOnly },
      )(galleryModelOf(system));
      try {
        await using open = await openFaces(options, io, output);
        const faces = facesOfRows(open.faces, await rowsToKeep(open.faces, output));
        const done = await importFaces(
          gallery,
          faces,
          async (rows) => {
            const set = await systemFeatures(system, someOf(faces, rows), { signal: io.interrupt });
            return rows.map((_, i) => rowOf(set, i));
          },
          { onProgress: output.stage("importing"), signal: io.interrupt },
        );
        const all = await gallery.count();
        const { place } = gallery.store;
        output.result(
          { place, ...done, ...all },
          `${place}: ${count(done.added)} pictures added, ${count(done.known)} there already; ` +
            `${count(all.people)} people, ${count(all.faces)} faces in all`,
        );
      } finally {
        await gallery.close();
      }
    } finally {
      await system.release();
    }
  });
}

/** Rows whose face has something to tell and whose person's name can be kept; of the others it is told why. */
async function rowsToKeep(faces: AlignedFaces, output: Output): Promise<number[]> {
  const rows: number[] = [];
  for (const [row, name] of faces.names.entries()) {
    const reason = badName(faces.identities[row]) ?? unfitReason(await faces.readRange(row, 1));
    if (reason === undefined) rows.push(row);
    else output.passedOver(`${name}: ${reason}`);
  }
  if (rows.length === 0)
    throw new DataError(`none of the pictures can be imported:\n  ${output.left.join("\n  ")}`);
  return rows;
}

function badName(person: string): string | undefined {
  try {
    personName(person, "its folder");
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The faces of some rows. */
const someOf = (faces: AlignedFaces, rows: readonly number[]): FaceReader => ({
  count: rows.length,
  names: rows.map((row) => faces.names[row]),
  identities: rows.map((row) => faces.identities[row]),
  readRange: async (first, count) => {
    const pictures = rows.slice(first, first + count).map((row) => faces.readRange(row, 1));
    return new Uint8Array(Buffer.concat(await Promise.all(pictures)));
  },
});
