/** Bodies that are being read or answered, all together: so many at once as the memory has room for. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { quote } from "../../base/errors/index.ts";
import { Problem } from "./problem.ts";

/** Refuses requests to `app` whose bodies, with those under way, would be more than `maxBytes`. */
export function limitBodies(app: FastifyInstance, maxBytes: number): void {
  const sizes = new WeakMap<FastifyRequest, number>();
  let total = 0;
  app.addHook("onRequest", async (request) => {
    const size = sizeOf(request);
    if (total > 0 && total + size > maxBytes) {
      throw new Problem("unavailable", "Too many large requests at once.", { retryAfterSeconds: 2 });
    }
    sizes.set(request, size);
    total += size;
  });
  const release = async (request: FastifyRequest) => {
    total -= sizes.get(request) ?? 0;
    sizes.delete(request);
  };
  app.addHook("onResponse", release);
  app.addHook("onRequestAbort", release);
}

/** Bodies are taken as they come: a compressed one could be a thousand times what it says, and would not be understood. */
export function refuseCompression(app: FastifyInstance): void {
  app.addHook("preParsing", async ({ headers }, reply) => {
    const { "content-encoding": encoding = "identity" } = headers;
    if (/^\s*identity\s*$/i.test(encoding)) return;
    reply.header("accept-encoding", "identity"); // RFC 9110, section 15.5.16
    throw new Problem(
      "unsupported-type",
      `Bodies are taken without compression: needed no Content-Encoding or identity, got ${quote(encoding)}.`,
    );
  });
}

/** Bytes of the body: as its client says, else as many as it may have. */
function sizeOf({ headers, routeOptions }: FastifyRequest): number {
  const said = Number(headers["content-length"] ?? Number.NaN);
  const most = routeOptions.bodyLimit ?? 0;
  if (Number.isFinite(said)) return Math.min(said, most);
  return headers["transfer-encoding"] === undefined ? 0 : most;
}
