/** The gallery as the service holds it: its failures are problems that name no place. */
import { InputError } from "../../base/errors/index.ts";
import { type Gallery, ModelChanged } from "../../people/gallery/index.ts";
import { Problem } from "./problem.ts";

/** What the gallery says of people and faces begins so; what it says of files and servers begins with their place. */
const OF_PEOPLE = "gallery: ";

/** What of a gallery other threads may call. */
export const GALLERY_METHODS = [
  "register",
  "count",
  "held",
  "people",
  "person",
  "personOf",
  "faces",
  "thumbnail",
  "search",
  "identify",
  "sample",
  "rename",
  "merge",
  "moveFace",
  "remove",
  "removeFace",
  "receipts",
  "receipt",
] as const satisfies readonly Exclude<keyof Gallery, "close">[];

/** A gallery that is opened and closed elsewhere. */
export type SharedGallery = Omit<Gallery, "close">;

export interface GuardOptions {
  /** Told in full what has failed. */
  readonly report: (error: unknown) => void;
  /** For one call, in milliseconds. */
  readonly callMs: number;
}

/**
 * `gallery` with failures as clients are told them: what contradicts who is there is a conflict; a gallery that cannot
 * be used, or does not answer in time, is a problem of the service.
 */
export function guardedGallery(gallery: SharedGallery, { report, callMs }: GuardOptions): SharedGallery {
  const told = (error: unknown, name: string) => {
    if (error instanceof ModelChanged) return new Problem("unavailable", CHANGED_OVER + error.named);
    if (error instanceof InputError && error.message.startsWith(OF_PEOPLE)) {
      return new Problem("conflict", error.message.slice(OF_PEOPLE.length));
    }
    report(error);
    const doubt = error instanceof TooLate && CHANGES.has(name) ? ` ${DOUBT}` : "";
    return new Problem("unavailable", `The gallery cannot be used now.${doubt}`, { retryAfterSeconds: 5 });
  };
  const guarded = GALLERY_METHODS.map((name) => [
    name,
    async (...args: Parameters<SharedGallery[typeof name]>) => {
      const method = gallery[name] as (...args: unknown[]) => Promise<unknown>;
      try {
        return await within(callMs, method(...args));
      } catch (error) {
        throw told(error, name);
      }
    },
  ]);
  return Object.fromEntries(guarded) as SharedGallery;
}

/** How threads tell that the gallery has changed over to another model, and to which: see changingEngine.ts. */
export const CHANGED_OVER = "The gallery has changed over to the model ";

/** Calls that change something. */
const CHANGES: ReadonlySet<string> = new Set([
  "register",
  "rename",
  "merge",
  "moveFace",
  "remove",
  "removeFace",
] satisfies (typeof GALLERY_METHODS)[number][]);
const DOUBT = "Whether the change was made is not known: look before you ask for it again.";

class TooLate extends Error {}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooLate(`the gallery has not answered for ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
