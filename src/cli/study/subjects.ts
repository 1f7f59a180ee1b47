/** Whom a whole study is about: faces, and what is known of their attributes; synthetic ones bring both. */
import { setImmediate } from "node:timers/promises";
import { type AlignedFaces, facesInMemory, readAttributes } from "../../data/index.ts";
import { InputError } from "../../errors/index.ts";
import { alignFace, TEMPLATE } from "../../face/index.ts";
import type { AttributeTable } from "../../studies/index.ts";
import { createPopulation } from "../../synthetic/index.ts";
import { type DataOptions, openFaces } from "../faces.ts";
import type { Io } from "../io.ts";
import type { Output } from "../output.ts";

export interface Subjects extends AsyncDisposable {
  readonly faces: AlignedFaces;
  readonly description: string;
  readonly attributes?: AttributeTable;
}

/** Opens the faces that `options` name, with the attributes of their file. */
export async function openSubjects(
  options: DataOptions & { readonly attributes?: string },
  io: Io,
  output: Output,
): Promise<Subjects> {
  if (options.data === "synthetic") {
    if (options.attributes !== undefined) {
      throw new InputError("--attributes is for pictures of a data set; synthetic people bring their own");
    }
    return drawSubjects(options, io, output);
  }
  const attributes = options.attributes === undefined ? undefined : await readAttributes(options.attributes);
  const open = await openFaces(options, io, output);
  return {
    faces: open.faces,
    description: open.description,
    attributes,
    [Symbol.asyncDispose]: () => open[Symbol.asyncDispose](),
  };
}

async function drawSubjects(
  { people, pictures, populationSeed: seed }: DataOptions,
  io: Io,
  output: Output,
): Promise<Subjects> {
  const onProgress = output.onProgress("drawing faces");
  const count = people * pictures;
  if (!(count <= 20_000)) throw new InputError(`synthetic faces: up to 20,000 for a study, got ${count}`);
  const bytes = TEMPLATE.width * TEMPLATE.height * 3;
  const pixels = new Uint8Array(count * bytes);
  const names: string[] = [];
  const identities: string[] = [];
  const columns = new Map<string, Int8Array>();
  for (const picture of createPopulation({ people, picturesPerPerson: pictures, seed })) {
    io.interrupt.throwIfAborted();
    const row = names.length;
    pixels.set(alignFace(picture.image, picture.landmarks).pixels, row * bytes);
    names.push(`${picture.person}/${picture.person}_${String(picture.index + 1).padStart(4, "0")}`);
    identities.push(picture.person);
    for (const [name, present] of Object.entries(picture.attributes)) {
      if (!columns.has(name)) columns.set(name, new Int8Array(count));
      columns.get(name)![row] = present ? 1 : -1;
    }
    onProgress(row + 1, count);
    if (row % 16 === 0) await setImmediate(); // lets Ctrl-C through
  }
  return {
    faces: facesInMemory(names, identities, pixels),
    description: `synthetic: ${people} people, ${pictures} pictures each, seed ${seed}`,
    attributes: { pictures: names, attributes: columns },
    [Symbol.asyncDispose]: async () => {},
  };
}
