/**
 * A gallery as JSON lines, for backups and for moving to another store: a line that says what the gallery was made for,
 * then one for each face. Vectors and thumbnails stay sealed as they are, so that exporting needs
 * no key, and neither needs a model.
 */
import { z } from "zod";
import { DataError, InputError, schemaProblems } from "../../base/errors/index.ts";
import { checkedFaces, checkSettings } from "./check.ts";
import { contentKey } from "./content.ts";
import { type Sealer, sealerOf } from "./seal.ts";
import type { Damage, GalleryStore, NewFace, SalvagedFace, StoreSettings } from "./store.ts";
import { vectorProblem } from "./vectors.ts";

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

export interface ExportOptions {
  readonly thumbnails?: boolean;
  /** Read what can be read of a damaged file, in the order of its faces. */
  readonly salvage?: boolean;
  /** Told of each face that is left out because it is damaged, and of people whose name is lost. */
  readonly onDamage?: (damage: Damage) => void;
  /** Gives up between two faces. */
  readonly signal?: AbortSignal;
}

/** The lines of `store`, people by name; each ends in a line feed. Faces that are damaged are left out. */
export async function* exportLines(store: GalleryStore, options: ExportOptions = {}): AsyncGenerator<string> {
  const { thumbnails = false, salvage = false, onDamage = () => {} } = options;
  const line = (value: object) => `${JSON.stringify(value)}\n`;
  yield line({ format: FORMAT, version: 1, settings: store.settings });
  const faces = salvage ? store.salvage(onDamage) : facesByName(store, thumbnails);
  for await (const face of faces) {
    options.signal?.throwIfAborted();
    const { id, name, code, vector, thumbnail, fields } = face;
    const reason = vectorProblem(face, store.settings);
    if (reason !== undefined) {
      onDamage({ face: id, name, reason });
      continue;
    }
    yield line({
      person: name,
      code: encode(code),
      ...(vector && { vector: encode(vector) }),
      ...(thumbnails && thumbnail && { thumbnail: encode(thumbnail) }),
      fields,
    });
  }
}

async function* facesByName(store: GalleryStore, thumbnails: boolean): AsyncGenerator<SalvagedFace> {
  for (let after = ""; ; ) {
    const people = await store.people({ after, limit: PEOPLE });
    if (people.length === 0) return;
    after = people[people.length - 1].name;
    const names = new Map(people.map(({ id, name }) => [id, name]));
    for (const face of await store.facesOf([...names.keys()])) {
      const thumbnail = thumbnails ? (await store.thumbnail(face.id))?.bytes : undefined;
      yield { ...face, name: names.get(face.person)!, ...(thumbnail && { thumbnail }) };
    }
  }
}

/** What the exported gallery was made for, from its first line. */
export function readHeader(line: string, place: string): StoreSettings {
  const parsed = header.safeParse(parseLine(line, `${place}, line 1`));
  if (!parsed.success) throw new DataError(`${place}: no exported gallery: ${schemaProblems(parsed.error)}`);
  checkSettings(parsed.data.settings);
  return parsed.data.settings;
}

/** How many faces a restore has added, and how many were there. */
export interface Restored {
  readonly added: number;
  readonly known: number;
}

export interface RestoreOptions {
  /** Of an encrypted gallery: its faces' seals are opened before they are taken. */
  readonly key?: Uint8Array;
  /** Told of each line that cannot be used, and why. */
  readonly onLeft: (reason: string) => void;
  readonly onProgress?: (done: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Adds the faces of `lines`, the header left out, to `store`. Ids are given anew. A face that is there with the same
 * code, vector and fields is not added again, so that a restore can be repeated, and one that was broken off goes on. A
 * line that is no face, or whose vector is of another length, not finite or altered, is left out.
 */
export async function importLines(
  store: GalleryStore,
  lines: AsyncIterable<{ readonly number: number; readonly text: string }>,
  place: string,
  options: RestoreOptions,
): Promise<Restored> {
  const { key, onLeft, onProgress, signal } = options;
  const { settings } = store;
  const sealer = sealerOf(store.place, settings.keyCheck, key);
  if (!sealer)
    throw new InputError(`${store.place}: this gallery is encrypted; to restore into it, its key is needed`);
  const seen = new Map<string, number>();
  let [faces, nth]: [NewFace[], number[]] = [[], []];
  let [read, added] = [0, 0];
  const flush = async () => {
    added += await store.addMissing(faces, { nth });
    [faces, nth] = [[], []];
    onProgress?.(read);
    signal?.throwIfAborted();
  };
  for await (const { number, text } of lines) {
    const face = faceIn(text, settings, sealer);
    if (typeof face === "string") {
      onLeft(`${place}, line ${number}: ${face}`);
      continue;
    }
    const alike = contentKey(face);
    const count = (seen.get(alike) ?? 0) + 1;
    seen.set(alike, count);
    faces.push(face);
    nth.push(count);
    read++;
    if (faces.length === FACES) await flush();
  }
  await flush();
  return { added, known: read - added };
}

/** The face of a line, or why it cannot be taken. */
function faceIn(text: string, settings: StoreSettings, sealer: Sealer): NewFace | string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return "no face: needs JSON";
  }
  const parsed = faceLine.safeParse(json);
  if (!parsed.success) return `no face: ${schemaProblems(parsed.error)}`;
  try {
    const [face] = checkedFaces([parsed.data], settings);
    return vectorProblem(face, settings, sealer) ?? face;
  } catch (error) {
    if (error instanceof InputError) return error.message.replace(/^gallery: /, "");
    throw error;
  }
}

function parseLine(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new DataError(`${where}: needs JSON`);
  }
}
