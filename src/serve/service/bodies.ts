/** Bodies that are being read or answered, all together: so many at once as the memory has room for. */
import type { FastifyInstance, FastifyRequest } from "fastify";
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

/** Bytes of the body: as its client says, else as many as it may have. */
function sizeOf({ headers, routeOptions }: FastifyRequest): number {
  const said = Number(headers["content-length"] ?? Number.NaN);
  const most = routeOptions.bodyLimit ?? 0;
  if (Number.isFinite(said)) return Math.min(said, most);
  return headers["transfer-encoding"] === undefined ? 0 : most;
}
