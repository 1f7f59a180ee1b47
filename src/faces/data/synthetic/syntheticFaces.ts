/** Aligned faces of people who do not exist, drawn by several threads at once. */
import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import { InputError } from "../../../base/errors/index.ts";
import { startThread } from "../../../base/threads/index.ts";
import type { AttributeTable } from "../../../matching/features/index.ts";
import { createPopulation, type PopulationOptions } from "../../synthetic/index.ts";
import { type AlignedFaces, facesInMemory } from "../alignedFaces.ts";
import { type DrawnPerson, drawPerson, FACE_BYTES } from "./drawnPerson.ts";
import type { DrawingOrder } from "./worker.ts";

export interface SyntheticOptions {
  readonly people: number;
  readonly pictures: number; // of each
  readonly seed: number;
}

export const SYNTHETIC_DEFAULTS = { people: 300, pictures: 16, seed: 1 } as const satisfies SyntheticOptions;

interface DrawingOptions {
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

const MOST_EACH = 9_999; // names stay in order: person-0001
const MOST_PICTURES = 100_000; // in memory all at once
/** Fewer pictures are drawn before a thread has started. */
const WORTH_THREADS = 200;

/** Faces, and what holds of each picture, as it was drawn. */
export interface SyntheticFaces {
  readonly faces: AlignedFaces;
  readonly attributes: AttributeTable;
}

/** Draws and aligns the whole population: 27 kB of memory and about 5 ms of one core a picture. */
export async function syntheticFaces(
  { people, pictures, seed }: SyntheticOptions,
  { onProgress, signal }: DrawingOptions = {},
): Promise<SyntheticFaces> {
  if (!(people <= MOST_EACH && pictures <= MOST_EACH && people * pictures <= MOST_PICTURES)) {
    throw new InputError(
      `synthetic faces: up to ${MOST_EACH} people and pictures of each, ${MOST_PICTURES} in all; got ${people} x ${pictures}`,
    );
  }
  const pixels = new Uint8Array(people * pictures * FACE_BYTES);
  const columns = new Map<string, Int8Array>();
  let done = 0;
  const take = ({ identity, faces, attributes }: DrawnPerson) => {
    pixels.set(faces, identity * pictures * FACE_BYTES);
    for (const [index, seen] of attributes.entries()) {
      for (const [name, present] of Object.entries(seen)) {
        if (!columns.has(name)) columns.set(name, new Int8Array(people * pictures));
        columns.get(name)![identity * pictures + index] = present ? 1 : -1;
      }
    }
    done += pictures;
    onProgress?.(done, people * pictures);
  };
  const population = { people, picturesPerPerson: pictures, seed };
  if (people * pictures < WORTH_THREADS) await drawHere(population, take, signal);
  else {
    const threads = Math.min(availableParallelism(), people);
    const orders = Array.from({ length: threads }, (_, first) => ({ population, first, every: threads }));
    await Promise.all(orders.map((order) => drawThere(order, take, signal)));
  }
  const rows = Array.from({ length: people * pictures }, (_, row) => ({
    person: `person-${number(Math.floor(row / pictures))}`,
    picture: number(row % pictures),
  }));
  const names = rows.map(({ person, picture }) => `${person}/${person}_${picture}`);
  const identities = rows.map(({ person }) => person);
  return {
    faces: facesInMemory(names, identities, pixels),
    attributes: { pictures: names, attributes: columns },
  };
}

const number = (index: number) => String(index + 1).padStart(4, "0");

async function drawHere(
  options: PopulationOptions,
  take: (drawn: DrawnPerson) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const population = createPopulation(options);
  for (let identity = 0; identity < population.people; identity++) {
    signal?.throwIfAborted();
    take(drawPerson(population, identity));
    await setImmediate(); // lets Ctrl-C through
  }
}

/** Has one thread draw its part of the population. */
function drawThere(
  order: DrawingOrder,
  take: (drawn: DrawnPerson) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const worker = startThread(import.meta.url, "worker", order);
    const stop = () => {
      void worker.terminate();
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", stop, { once: true });
    worker.on("message", take);
    worker.on("error", reject);
    worker.on("exit", () => {
      signal?.removeEventListener("abort", stop);
      resolve(); // does nothing where it has failed
    });
  });
}
