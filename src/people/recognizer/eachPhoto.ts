/** Questions about many photos: some are read while others are looked at, and what cannot be used is skipped. */
import { DataError } from "../../base/errors/index.ts";
import type { Progress } from "../../base/progress/index.ts";
import type { PassedOver } from "../../faces/data/index.ts";
import type { FaceInput, Photo } from "../answers/index.ts";
import { asInput, pathOf } from "./photo.ts";

/** A photo or several; a path may be that of a file, a folder or an archive (zip, tar, tgz). */
export type Photos = string | readonly (Photo | FaceInput)[];

/** Photos with their names, to be read one after the other. */
export interface OpenPhotos {
  /** In the order of the answers. */
  readonly names: readonly string[];
  /** What lies among the photos of folders and is none by its name. */
  readonly passedOver: readonly PassedOver[];
  /** Yields each photo that is `wanted` (all where nothing is said), in no particular order. */
  read(
    wanted?: (name: string) => boolean,
  ): AsyncGenerator<{ readonly name: string; readonly bytes: Photo | DataError }>;
}

/** Photos that a program gave. */
export interface GivenPhotos extends OpenPhotos {
  /** What to ask about the photo `name`, but for its bytes: its path, or what was given. */
  inputOf(name: string): FaceInput;
}

/** Opens `given`: first what is named by a path, then all else. InputError for a path where there is nothing. */
export async function openAll(given: Photos): Promise<GivenPhotos> {
  const list = typeof given === "string" ? [given] : given;
  const paths = list.filter((one) => typeof one === "string").map(pathOf);
  // What reads data sets is loaded when it is needed: most programs ask about two photos.
  const { openPhotos } = await import("../../faces/data/index.ts");
  const files = paths.length > 0 ? await openPhotos(paths) : undefined;
  const others = new Map<string, FaceInput>();
  for (const one of list) {
    if (typeof one === "string") continue;
    const input = asInput(one);
    const { name: own = `photo ${others.size}` } = input;
    const name = others.has(own) ? `${own} (${others.size})` : own;
    others.set(name, { ...input, name });
  }
  return {
    names: [...(files?.names ?? []), ...others.keys()],
    passedOver: files?.passedOver ?? [],
    inputOf: (name) => others.get(name) ?? { photo: name, name },
    async *read(wanted = () => true) {
      if (files) yield* files.read(wanted);
      for (const [name, { photo }] of others) if (wanted(name)) yield { name, bytes: photo };
    },
  };
}

export interface Answered<T> {
  readonly photo: string;
  readonly answer: T;
}

export interface EachOptions extends Pick<Progress, "onProgress" | "signal"> {
  /** Told of each photo that could not be used. */
  readonly onPassedOver: (one: PassedOver) => void;
}

/** Photos asked about at once. */
const AT_ONCE = 4;

/**
 * Asks about each photo; answers in their order. Photos that cannot be read, or about which `ask` throws a DataError, are passed
 * over; any other failure ends it.
 */
export async function askEach<T>(
  photos: Pick<OpenPhotos, "names" | "read">,
  ask: (photo: string, bytes: Photo) => Promise<T>,
  { onPassedOver, onProgress, signal }: EachOptions,
): Promise<Answered<T>[]> {
  const answers = new Map<string, T>();
  const one = async (photo: string, bytes: Photo | DataError) => {
    try {
      if (bytes instanceof DataError) throw bytes;
      answers.set(photo, await ask(photo, bytes));
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      const reason = error.message.includes(photo) ? error.message : `${photo}: ${error.message}`;
      onPassedOver({ file: photo, reason });
    }
  };
  const running = new Set<Promise<void>>();
  let done = 0;
  try {
    for await (const { name, bytes } of photos.read()) {
      signal?.throwIfAborted();
      const task = one(name, bytes).finally(() => {
        running.delete(task);
        onProgress?.(++done, photos.names.length);
      });
      task.catch(() => {}); // thrown where it is waited for
      running.add(task);
      if (running.size >= AT_ONCE) await Promise.race(running);
    }
    await Promise.all(running);
  } finally {
    await Promise.allSettled(running);
  }
  return [...new Set(photos.names)].flatMap((photo) =>
    answers.has(photo) ? [{ photo, answer: answers.get(photo) as T }] : [],
  );
}
