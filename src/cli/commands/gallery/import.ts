/** `deepid gallery import`: a folder of people into a gallery. */

import type { Command } from "commander";
import { count } from "../../../base/text/index.ts";
import type { AlignedFaces } from "../../../faces/data/index.ts";
import type { FaceReader } from "../../../faces/face/index.ts";
import { rowOf } from "../../../matching/features/index.ts";
import { openSystem } from "../../../nets/models/index.ts";
import { systemFeatures } from "../../../nets/net/index.ts";
import { importFaces } from "../../../people/gallery/index.ts";
import { galleryModelOf } from "../../../people/recognizer/index.ts";
import { addDataOptions, type DataOptions, openFaces } from "../../support/faces.ts";
import type { Io } from "../../support/io.ts";
import {
  addEngineOptions,
  addExamples,
  addModelOption,
  type EngineOptions,
  setAction,
} from "../../support/options.ts";
import type { OutputOptions } from "../../support/output.ts";
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
        "gallery already are passed over, so an import that was broken off goes on.",
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
      const gallery = await galleryAt(options, io, { create: true, codesOnly })(galleryModelOf(system));
      try {
        await using open = await openFaces(options, io, output);
        const done = await importFaces(
          gallery,
          open.faces,
          async (rows) => {
            const set = await systemFeatures(system, someOf(open.faces, rows), { signal: io.interrupt });
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
