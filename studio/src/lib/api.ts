/** The service, as the studio speaks to it. */
import { createStudioClient, ServiceError } from "../../../src/serve/studio-api/client.ts";

export type { Answer } from "../../../src/serve/studio-api/client.ts";
export { ServiceError };

const KEY = "deepid-key";
/** For as long as this tab is open. */
export const keyNow = (): string | undefined => sessionStorage.getItem(KEY) ?? undefined;
export function useKey(key: string): void {
  sessionStorage.setItem(KEY, key);
  location.reload();
}

export const api = createStudioClient("", { key: keyNow(), fetch: (...request) => fetch(...request) });

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

/** A file of the service. */
export async function ask(path: string): Promise<Response> {
  const key = keyNow();
  const response = await fetch(`/api/v1${path}`, { headers: key ? { "x-api-key": key } : {} });
  if (!response.ok)
    throw new ServiceError(response.status, await response.json().catch(() => undefined), undefined);
  return response;
}
