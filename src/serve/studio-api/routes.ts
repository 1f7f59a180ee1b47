/** Addresses of the studio that answer with files in place of JSON: pictures, figures, the net for the browser. */
import { createReadStream, existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import { DETECTOR_FOLDER } from "../../faces/detectors/index.ts";
import { DETECTOR_FILES } from "../../faces/locate/index.ts";
import { MODEL_FILES } from "../../nets/net/index.ts";
import { Problem } from "../service/index.ts";
import { FIGURE } from "./paper.ts";
import type { SyntheticPeople } from "./population.ts";

export interface FileRoutes {
  readonly people: SyntheticPeople;
  /** Folder of a model of one net that pages may load. */
  readonly browserModel?: string;
  readonly results: string;
  readonly paper?: string;
}

const hidden = { hide: true };

export function addFileRoutes(
  api: FastifyInstance,
  { people, browserModel, results, paper }: FileRoutes,
): void {
  const face = z.object({ face: z.string().max(40) });
  api.get("/studio/faces/:face", { schema: { ...hidden, params: face } }, async (request, reply) => {
    const name = (request.params as z.output<typeof face>).face;
    const bytes = await people.picture(name);
    if (!bytes) throw new Problem("not-found", "There is no such synthetic face.");
    return sendPicture(reply, bytes, "private, max-age=86400");
  });
  if (browserModel) {
    const file = z.object({ file: z.enum(Object.values(MODEL_FILES)) });
    api.get("/studio/model/:file", { schema: { ...hidden, params: file } }, async (request, reply) => {
      const name = (request.params as z.output<typeof file>).file;
      return sendFile(reply, join(browserModel, name));
    });
  }
  addDetectorRoute(api);
  const figure = z.object({ figure: z.string().regex(FIGURE) });
  api.get("/studio/results/:figure", { schema: { ...hidden, params: figure } }, async (request, reply) => {
    const path = join(results, (request.params as z.output<typeof figure>).figure);
    if (!existsSync(path)) throw new Problem("not-found", "There is no such figure.");
    return reply
      .type("image/svg+xml")
      .header("cache-control", "no-cache")
      .send(await readFile(path));
  });
  if (paper) {
    api.get("/studio/paper.html", { schema: hidden }, async (_, reply) =>
      reply.type("text/html; charset=utf-8").send(await readFile(paper, "utf8")),
    );
  }
}

/** PNG files as this service makes them. */
const sendPicture = (reply: FastifyReply, bytes: Uint8Array, caching: string) =>
  reply.type("image/png").header("cache-control", caching).send(Buffer.from(bytes));

/** The files of the default detector, for photos that do not leave the page: they are public, so no key is needed. */
function addDetectorRoute(api: FastifyInstance): void {
  const file = z.object({ file: z.enum(Object.values(DETECTOR_FILES)) });
  const open = { schema: { ...hidden, params: file }, config: { scope: "open" as const } };
  api.get("/studio/detector/:file", open, async (request, reply) => {
    const name = (request.params as z.output<typeof file>).file;
    return sendFile(reply.header("cache-control", "private, max-age=86400"), join(DETECTOR_FOLDER, name));
  });
}

function sendFile(reply: FastifyReply, path: string) {
  const type = { ".json": "application/json", ".wasm": "application/wasm" }[extname(path)];
  return reply.type(type ?? "application/octet-stream").send(createReadStream(path));
}
