/** The gallery as the service holds it: its failures are problems that name no place. */
import { InputError } from "../../base/errors/index.ts";
import type { Gallery } from "../../people/gallery/index.ts";
import { Problem } from "./problem.ts";

/** What the gallery says of people and faces begins so; what it says of files and servers begins with their place. */
const OF_PEOPLE = "gallery: ";

/**
 * `gallery` with failures as clients are told them: what contradicts who is there is a conflict, and a gallery that
 * cannot be used is a problem of the service, which `report` is told in full.
 */
export function heldGallery(gallery: Gallery, report: (error: unknown) => void): Gallery {
  const told = (error: unknown) => {
    if (error instanceof InputError && error.message.startsWith(OF_PEOPLE)) {
      return new Problem("conflict", error.message.slice(OF_PEOPLE.length));
    }
    report(error);
    return new Problem("unavailable", "The gallery cannot be used now.", { retryAfterSeconds: 5 });
  };
  return new Proxy(gallery, {
    get(held, name: keyof Gallery) {
      const value = held[name];
      if (typeof value !== "function") return value;
      return async (...args: unknown[]) => {
        try {
          return await (value as (...args: unknown[]) => unknown).apply(held, args);
        } catch (error) {
          throw told(error);
        }
      };
    },
  });
}
