/** A service for tests: on a free port of loopback, without a detector, on synthetic people. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Service, type ServiceOptions, startService } from "../../src/serve/service/index.ts";
import { studioApi } from "../../src/serve/studio-api/index.ts";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const MODEL = join(ROOT, "models/whole-face-taught");

/** The studio's page as it is written, and this repository's results. */
export const STUDIO = { folder: join(ROOT, "studio"), results: join(ROOT, "results") };

export const startTestService = (options: Partial<ServiceOptions> = {}): Promise<Service> =>
  startService({
    version: "0.0.0",
    model: MODEL,
    locator: null,
    gallery: "memory:",
    workers: 1,
    host: "127.0.0.1",
    port: 0,
    limits: { requestsPerMinute: 100_000 },
    extend: studioApi(STUDIO), // its page as it is written: enough for a test without a browser
    ...options,
  });

/** An aligned face of the service's synthetic people. */
export async function syntheticFace({ url }: Pick<Service, "url">, face: string): Promise<Buffer> {
  const response = await fetch(`${url}/api/v1/studio/faces/${face}`);
  if (!response.ok) throw new Error(`${face}: ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}
