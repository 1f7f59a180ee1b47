/** Addresses of the studio that answer with files in place of JSON: pictures, figures, the net for the browser. */
import { createReadStream, existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import type { FaceSystem } from "../../nets/net/index.ts";
import { Problem } from "../service/index.ts";
import { FIGURE } from "./paper.ts";
import type { SyntheticPeople } from "./population.ts";

export interface FileRoutes {
  readonly people: SyntheticPeople;
  readonly matcher: () => Promise<FaceSystem["matcher"]>;
  /** Folder of a model of one net that pages may load. */
  readonly browserModel?: string;
  readonly results: string;
  readonly paper?: string;
}

/** Files of a model that a page needs to compare by itself. */
const MODEL_FILES = ["net.onnx", "model.json"] as const;
const hidden = { hide: true };

export function addFileRoutes(
  api: FastifyInstance,
  { matcher, people, browserModel, results, paper }: FileRoutes,
): void {
  const face = z.object({ face: z.string().max(40) });
  api.get("/studio/faces/:face", { schema: { ...hidden, params: face } }, async (request, reply) => {
    const name = (request.params as z.output<typeof face>).face;
    const bytes = await people.picture(name);
    if (!bytes) throw new Problem("not-found", "There is no such synthetic face.");
    return sendPicture(reply, bytes, "private, max-age=86400");
  });
  const file = z.object({ file: z.enum(MODEL_FILES) });
  if (browserModel) {
    api.get("/studio/model/matcher", { schema: hidden }, async () => plainMatcher(await matcher()));
    api.get("/studio/model/:file", { schema: { ...hidden, params: file } }, async (request, reply) => {
      const name = (request.params as z.output<typeof file>).file;
      return reply.type("application/octet-stream").send(createReadStream(join(browserModel, name)));
    });
  }
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

/** A matcher as JSON; its long lists as base64 of little-endian float64. */
function plainMatcher({ matcher: { model }, calibration }: FaceSystem["matcher"]) {
  const { blockSize, mean, directions, ratios } = model;
  const { rows, columns, values } = directions;
  const { same, different } = calibration ?? { same: undefined, different: undefined };
  return {
    blockSize,
    rows,
    columns,
    mean: packed(mean),
    directions: packed(Float64Array.from(values)),
    ratios: packed(ratios),
    calibration: same && different ? { same: packed(same), different: packed(different) } : null,
  };
}

const packed = ({ buffer, byteOffset, byteLength }: Float64Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString("base64");
