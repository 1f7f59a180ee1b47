/** The service, as the studio speaks to it. */
import { type Answer, createStudioClient, ServiceError } from "../../../src/serve/studio-api/client.ts";
import { type Chosen, chosenFrom } from "./pictures.ts";

export { type Answer, ServiceError };

const KEY = "deepid-key";
/** For as long as this tab is open. */
export const keyNow = (): string | undefined => sessionStorage.getItem(KEY) ?? undefined;
export function useKey(key: string): void {
  sessionStorage.setItem(KEY, key);
  location.reload();
}

export const api = createStudioClient("", { key: keyNow(), fetch: (...request) => fetch(...request) });

let about: Promise<Answer<"studio">> | undefined;
/** What the service can show, asked once. */
export function studio(): Promise<Answer<"studio">> {
  about ??= api.studio({}).catch((error) => {
    about = undefined;
    throw error;
  });
  return about;
}

/** What to tell people about a failure, whatever has failed. */
export function explain(error: unknown): string {
  if (error instanceof ServiceError) {
    if (error.status === 429) {
      return `The service is busy. Try again in ${error.retryAfterSeconds ?? "a few"} seconds.`;
    }
    const fields = error.problem?.errors?.map(({ at, message }) => `${at}: ${message}`).join("; ");
    return fields ? `${error.message} (${fields})` : error.message;
  }
  if (error instanceof TypeError) return "The service does not answer. Is it still running?";
  return error instanceof Error ? error.message : String(error);
}

export const wasAborted = (error: unknown): boolean =>
  error instanceof DOMException && error.name === "AbortError";

const pictures = new Map<string, Promise<string>>();
const MOST_PICTURES = 600;

/** An address of this page for a picture of the service, which may ask for a key. */
export function pictureAt(path: string): Promise<string> {
  let found = pictures.get(path);
  if (!found) {
    found = loadPicture(path);
    found.catch(() => pictures.delete(path));
    pictures.set(path, found);
    if (pictures.size > MOST_PICTURES) {
      const [[oldest, url]] = pictures;
      pictures.delete(oldest);
      url.then(URL.revokeObjectURL, () => {});
    }
  }
  return found;
}

async function loadPicture(path: string): Promise<string> {
  return URL.createObjectURL(await (await ask(path)).blob());
}

/** A request with the key of this tab, if it has one. */
export function withKey(init: RequestInit = {}): RequestInit {
  const key = keyNow();
  return key ? { ...init, headers: { "x-api-key": key } } : init;
}

/** A file of the service. */
export async function ask(path: string): Promise<Response> {
  const response = await fetch(`/api/v1${path}`, withKey());
  if (!response.ok)
    throw new ServiceError(response.status, await response.json().catch(() => undefined), undefined);
  return response;
}

/** A picture of a person who does not exist, by its name. */
export const syntheticFace = async (name: string): Promise<Chosen> =>
  chosenFrom(await (await ask(`/studio/faces/${name}`)).blob(), name);
