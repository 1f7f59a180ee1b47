/**
 * A gallery as JSON lines, for backups and for moving to another store: a line that says what the gallery was made for,
 * then one for each face. Vectors and thumbnails stay sealed as they are, so that no key and no model is needed.
 */
import { z } from "zod";
import { DataError } from "../../base/errors/index.ts";
import { checkSettings } from "./check.ts";
import type { GalleryStore, NewFace, StoreSettings } from "./store.ts";

const FORMAT = "deepid2plus-gallery";
const PEOPLE = 200;
const FACES = 500;

const header = z.object({
  format: z.literal(FORMAT),
  version: z.literal(1),
  settings: z.object({
    model: z.string(),
    codeBytes: z.number(),
    dimension: z.number(),
    keyCheck: z.string(),
  }),
});
const base64 = z.base64().transform((text) => new Uint8Array(Buffer.from(text, "base64")));
const faceLine = z.object({
  person: z.string(),
  code: base64,
  vector: base64.optional(),
  thumbnail: base64.optional(),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});

const encode = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

/** The lines of `store`, people by name; each ends in a line feed. */
export async function* exportLines(
  store: GalleryStore,
  { thumbnails = false }: { readonly thumbnails?: boolean } = {},
): AsyncGenerator<string> {
  const line = (value: object) => `${JSON.stringify(value)}\n`;
  yield line({ format: FORMAT, version: 1, settings: store.settings });
  for (let after = ""; ; ) {
    const people = await store.people({ after, limit: PEOPLE });
    if (people.length === 0) return;
    after = people[people.length - 1].name;
    const names = new Map(people.map(({ id, name }) => [id, name]));
    for (const { id, person, code, vector, fields } of await store.facesOf([...names.keys()])) {
      const thumbnail = thumbnails ? (await store.thumbnail(id))?.bytes : undefined;
      yield line({
        person: names.get(person),
        code: encode(code),
        ...(vector && { vector: encode(vector) }),
        ...(thumbnail && { thumbnail: encode(thumbnail) }),
        fields,
      });
    }
  }
}

/** What the exported gallery was made for, from its first line. */
export function readHeader(line: string, place: string): StoreSettings {
  const parsed = header.safeParse(parseLine(line, `${place}, line 1`));
  if (!parsed.success) throw new DataError(`${place}: no exported gallery\n${z.prettifyError(parsed.error)}`);
  checkSettings(parsed.data.settings);
  return parsed.data.settings;
}

/**
 * Adds the faces of `lines`, the header left out, to `store`; how many. Ids are given anew. What was added before a
 * broken line stays.
 */
export async function importLines(
  store: GalleryStore,
  lines: AsyncIterable<string>,
  place: string,
): Promise<number> {
  let faces: NewFace[] = [];
  let [number, added] = [1, 0];
  const flush = async () => {
    await store.add(faces);
    added += faces.length;
    faces = [];
  };
  for await (const text of lines) {
    number++;
    const parsed = faceLine.safeParse(parseLine(text, `${place}, line ${number}`));
    if (!parsed.success) {
      throw new DataError(`${place}, line ${number}: no face\n${z.prettifyError(parsed.error)}`);
    }
    faces.push(parsed.data);
    if (faces.length === FACES) await flush();
  }
  await flush();
  return added;
}

function parseLine(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new DataError(`${where}: needs JSON`);
  }
}
